import type { AttemptEndedBy, TaskRecord } from "@millrace/models";
import { statusCode, statusOfCode } from "./status-code.ts";

const enders: readonly AttemptEndedBy[] = ["owner", "expire", "terminate"];

/** Who ended an attempt and what it led to, as one number. */
export function endedCode(by: AttemptEndedBy, as: TaskRecord["status"]): number {
  return enders.indexOf(by) * 16 + statusCode(as);
}

/** The two words of `endedCode`. */
export function endedOfCode(ended: number): {
  readonly by: AttemptEndedBy;
  readonly as: TaskRecord["status"];
} {
  return { by: enders[ended >> 4] ?? "owner", as: statusOfCode(ended & 15) };
}
