/** Runs one statement in the caller's transaction and answers its rows, each an object or an array of its columns. */
export type CallerQuery = (text: string, values: unknown[]) => Promise<readonly unknown[]>;

/** The statements of one library's transactions; null when a thing is none of these. */
export type QueryOfLibrary = (tx: object) => CallerQuery | null;

/** Whether a thing has all these methods. */
export function hasMethods(thing: unknown, ...names: readonly string[]): boolean {
  if (thing === null || (typeof thing !== "object" && typeof thing !== "function")) return false;
  return names.every((name) => typeof Reflect.get(thing, name) === "function");
}
