import type { TaskFailure } from "./task-failure.ts";
import { textHash } from "./text-hash.ts";

/**
 * A short key under which failures of the same making are grouped: kind, error name and code, the message with its
 * changing parts folded, and the first stack frame of the user's own code without line numbers. The same on every machine.
 */
export function failureFingerprint(failure: TaskFailure, kind: string): string {
  const parts = [kind, failure.name, failure.code ?? "", foldMessage(failure.message), ownFrame(failure.stack ?? "")];
  return textHash(parts.join("\n"));
}

/** A message with what differs from case to case (ids, numbers, quoted values) replaced by placeholders. */
function foldMessage(message: string): string {
  return message
    .slice(0, 500)
    .replaceAll(/"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|“[^”\n]*”/g, "<text>")
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<id>")
    .replaceAll(/\b0x[0-9a-f]+\b/gi, "<hex>")
    .replaceAll(/\b(?=[a-f]*\d)[0-9a-f]{8,}\b/gi, "<hex>")
    .replaceAll(/\d+(?:[.,]\d+)*/g, "<n>");
}

/** `function file` of the first frame that is not the runtime's, a dependency's or Millrace's; empty when there is none. */
function ownFrame(stack: string): string {
  for (const line of stack.split("\n")) {
    // V8: "    at fn (file:///dir/name.ts:1:2)"; JavaScriptCore: "fn@/dir/name.ts:1:2".
    const frame = /^\s*at (?:(.*?) \()?(.+?):\d+:\d+\)?$/.exec(line) ?? /^(.*?)@(.+?):\d+:\d+$/.exec(line);
    const [, name = "", file = ""] = frame ?? [];
    if (file === "" || /^(?:node|bun|native|internal)[:/]/.test(file) || file.includes("node_modules")) continue;
    return `${name} ${file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1)}`;
  }
  return "";
}
