import { TaskError } from "./task-error.ts";

/** The delay a control error was given, checked. Longer than a century is a mistake, not a wish. */
export function checkedDelayMs(delayMs: number, path: string): number {
  const longestMs = 3_155_760_000_000;
  if (Number.isFinite(delayMs) && delayMs >= 0 && delayMs <= longestMs) return Math.round(delayMs);
  throw new TaskError("OPTION_INVALID", `${path} must be from 0 to ${longestMs} ms, got ${String(delayMs)}.`, {
    details: { path },
  });
}

/** Reads the delay of a control error by its name and field, also after a border that kept only `details`. */
export function delayOf(thrown: unknown, name: string, field: string): number | null {
  if (typeof thrown !== "object" || thrown === null) return null;
  try {
    const named = Reflect.get(thrown, "name") === name;
    const isSubclass = thrown instanceof Error && namesOf(thrown).includes(name);
    if (!named && !isSubclass) return null;
    return delayFrom(thrown, field) ?? delayFrom(Reflect.get(thrown, "details"), field);
  } catch {
    return null;
  }
}

function delayFrom(holder: unknown, field: string): number | null {
  if (typeof holder !== "object" || holder === null) return null;
  const found: unknown = Reflect.get(holder, field);
  return typeof found === "number" && Number.isFinite(found) && found >= 0 ? Math.round(found) : null;
}

/** The class names of an error and its parents: how a subclass of another copy's class is recognised. */
function namesOf(error: Error): readonly string[] {
  const names: string[] = [];
  for (let proto: unknown = Object.getPrototypeOf(error); typeof proto === "object" && proto !== null;) {
    const made: unknown = Reflect.get(proto, "constructor");
    if (typeof made === "function") names.push(made.name);
    proto = Object.getPrototypeOf(proto);
  }
  return names;
}
