/**
 * The part of the Standard Schema interface (standardschema.dev, version 1) that Millrace uses, so that zod, valibot,
 * arktype and others can be passed as they are, without a dependency.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    /** Libraries that can describe themselves as JSON Schema have this. */
    readonly jsonSchema?: { readonly input?: (options: { readonly target: string }) => unknown } | undefined;
  };
}

/** What a schema answers. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** What a schema found wrong, in its own form. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
