/** What one variant measured in one round: named numbers, such as `perSecond` or `p50Ms`. */
export type Figures = Readonly<Record<string, number>>;

/** Where a variant may work. */
export interface VariantPlace {
  /** An empty folder of its own, deleted afterwards. */
  readonly folder: string;
  /** 1 for the published figures; smaller for a quick look. */
  readonly scale: number;
  /** An empty database of its own, where the suite asks for Postgres; else empty. */
  readonly postgresUrl: string;
}

/** Something to be measured; runs in a fresh process each round. May throw `LeftOutError`. */
export type Variant = (place: VariantPlace) => Promise<Figures>;

/** What is asked of the figures of a suite. */
export interface Target {
  readonly label: string;
  /** `variant.figure` */
  readonly of: string;
  /** Divides by `variant.figure` of the same round when given. */
  readonly per?: string;
  /** Adds this figure of the same round to `atMost`, for bounds like "two commits + 1 ms". */
  readonly plus?: { readonly figure: string; readonly times: number };
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly goal?: number;
}

/** Variants that are measured in turn, and what is asked of them. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  readonly method: string;
  readonly variants: Readonly<Record<string, Variant>>;
  readonly targets: readonly Target[];
  /** @defaultValue the command's */
  readonly rounds?: number;
  /** Each variant gets an empty database on a durable Postgres of the bench's own. @defaultValue false */
  readonly needsPostgres?: boolean;
}
