import { invalidRequest } from "../answer/invalid-request.ts";
import { shown, type Schema, type ValueOf } from "./schema.ts";

/** Fields by name. */
export type Shape = Readonly<Record<string, Schema<unknown>>>;

/** The object of a shape: what may be absent is optional. */
export type ObjectOf<Of extends Shape> = {
  readonly [Name in keyof Of as undefined extends ValueOf<Of[Name]> ? never : Name]: ValueOf<Of[Name]>;
} & {
  readonly [Name in keyof Of as undefined extends ValueOf<Of[Name]> ? Name : never]?: Exclude<
    ValueOf<Of[Name]>,
    undefined
  >;
};

/** An object of these fields and no others. */
export function object<const Of extends Shape>(shape: Of): Schema<ObjectOf<Of>> {
  const names = Object.keys(shape);
  // What lets an absent value through may be left out.
  const required = names.filter((name) => !letsPass(shape[name]));
  return {
    json: {
      type: "object",
      properties: Object.fromEntries(names.map((name) => [name, shape[name]?.json])),
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: false,
    },
    parse(value, path) {
      if (!isObject(value)) throw invalidRequest(path, `must be an object, got ${shown(value)}`);
      for (const name of Object.keys(value)) {
        if (!Object.hasOwn(shape, name)) {
          throw invalidRequest(join(path, name), `is no known field; known are ${names.join(", ")}`);
        }
      }
      const found = names.flatMap((name) => {
        const parsed = shape[name]?.parse(Object.hasOwn(value, name) ? value[name] : undefined, join(path, name));
        return parsed === undefined ? [] : [[name, parsed] as const];
      });
      return Object.fromEntries(found) as ObjectOf<Of>;
    },
  };
}

/** An object whose fields have names of their own, each of the same sort. */
export function record<Value>(
  value: Schema<Value>,
  bounds: { readonly max: number },
): Schema<Readonly<Record<string, Value>>> {
  return {
    json: { type: "object", additionalProperties: value.json, maxProperties: bounds.max },
    parse(given, path) {
      if (!isObject(given)) throw invalidRequest(path, `must be an object, got ${shown(given)}`);
      const entries = Object.entries(given);
      if (entries.length > bounds.max) {
        throw invalidRequest(path, `may have at most ${bounds.max} fields, got ${entries.length}`);
      }
      return Object.fromEntries(entries.map(([name, one]) => [name, value.parse(one, join(path, name))]));
    },
  };
}

function letsPass(schema: Schema<unknown> | undefined): boolean {
  try {
    schema?.parse(undefined, "");
    return true;
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function join(path: string, name: string): string {
  const shownName = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return path === "" ? shownName : `${path}.${shownName}`;
}
