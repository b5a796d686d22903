import { TaskError } from "@millrace/models";
import type { AnyTaskHandler } from "../run/run-handler.ts";

/**
 * Finds the handler in a loaded module: the named export when one was asked for; else `default`, else `handler`, else the module
 * itself. Each may be a function or an object with `run` or `runBatch`.
 * @throws `HANDLER_EXPORT_INVALID` naming what was found
 */
export function handlerExport(loaded: unknown, name: string | undefined, where: string): AnyTaskHandler {
  const candidates =
    name === undefined
      ? unnamedCandidates(loaded)
      : [ownValue(loaded, name) ?? ownValue(ownValue(loaded, "default"), name)];
  for (const candidate of candidates) {
    const handler = asHandler(candidate);
    if (handler) return handler;
  }
  const asked = name === undefined ? "an export" : `the export "${name}"`;
  const message = `The handler module ${where} does not offer ${asked} that is a function or has a run() function; it exports ${foundIn(loaded)}.`;
  throw new TaskError("HANDLER_EXPORT_INVALID", message, { details: { module: where, export: name ?? null } });
}

// CommonJS modules arrive wrapped: what they export stands once more under `default`.
function unnamedCandidates(loaded: unknown): readonly unknown[] {
  const main = ownValue(loaded, "default");
  return [main, ownValue(loaded, "handler"), loaded, ownValue(main, "default"), ownValue(main, "handler")];
}

function asHandler(candidate: unknown): AnyTaskHandler | null {
  if (typeof candidate === "function") return { run: candidate as NonNullable<AnyTaskHandler["run"]> };
  if (typeof candidate !== "object" || candidate === null) return null;
  const run: unknown = Reflect.get(candidate, "run");
  const runBatch: unknown = Reflect.get(candidate, "runBatch");
  // The object itself is kept, so that its methods find their `this`.
  return typeof run === "function" || typeof runBatch === "function" ? candidate : null;
}

/** Own fields only: `__proto__` and `constructor` are no exports. */
function ownValue(holder: unknown, key: string): unknown {
  if ((typeof holder !== "object" && typeof holder !== "function") || holder === null) return undefined;
  return Object.hasOwn(holder, key) ? Reflect.get(holder, key) : undefined;
}

function foundIn(loaded: unknown): string {
  if (typeof loaded !== "object" || loaded === null) return `a ${loaded === null ? "null" : typeof loaded}`;
  const names = Object.keys(loaded);
  if (names.length === 0) return "nothing";
  return names
    .slice(0, 20)
    .map((name) => `${name} (${kindOf(Reflect.get(loaded, name))})`)
    .join(", ");
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
