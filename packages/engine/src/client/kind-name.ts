import { TaskError } from "@millrace/models";
import { hasControl, shown } from "./option-check.ts";

const reservedPrefix = "millrace.";
/** The last name that was found usable: the same few are asked for again and again. */
let lastUsable = "";

/** @throws `KIND_INVALID` unless it is a usable name; those of the house are refused to users. */
export function checkKind(kind: unknown, options: { readonly mayBeReserved?: boolean } = {}): string {
  if (kind === lastUsable) return lastUsable;
  const usable = typeof kind === "string" && kind.length > 0 && kind.length <= 200 && !hasControl(kind);
  if (!usable || kind.trim() !== kind) throw new TaskError("KIND_INVALID", `${shown(kind)} is no usable kind.`);
  const isReserved = kind.startsWith(reservedPrefix);
  if (isReserved && options.mayBeReserved !== true) {
    throw new TaskError("KIND_INVALID", `The kind "${kind}" is reserved: it starts with "${reservedPrefix}".`);
  }
  if (!isReserved) lastUsable = kind;
  return kind;
}
