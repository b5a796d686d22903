import { TaskError } from "@millrace/models";
import { hasControl, shown } from "./option-check.ts";

const reservedPrefix = "millrace.";

/** @throws `KIND_INVALID` unless it is a usable name; those of the house are refused to users. */
export function checkKind(kind: unknown, options: { readonly mayBeReserved?: boolean } = {}): string {
  const usable = typeof kind === "string" && kind.length > 0 && kind.length <= 200 && !hasControl(kind);
  if (!usable || kind.trim() !== kind) throw new TaskError("KIND_INVALID", `${shown(kind)} is no usable kind.`);
  if (kind.startsWith(reservedPrefix) && options.mayBeReserved !== true) {
    throw new TaskError("KIND_INVALID", `The kind "${kind}" is reserved: it starts with "${reservedPrefix}".`);
  }
  return kind;
}
