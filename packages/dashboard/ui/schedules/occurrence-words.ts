import type { OccurrenceReason } from "@millrace/models";
import type { Occurrence } from "../api/answers.ts";
import { lineText } from "../format/texts.ts";

const reasons: Readonly<Record<OccurrenceReason, string>> = {
  "catch-up": "no host was there in time, and it is not made up for",
  overlap: "an earlier run was still open",
  paused: "the schedule was paused",
  ended: "it was found after the end of the schedule",
  asked: "somebody asked for it",
};

/** Why an occurrence came out as it did; the code of a refusal is said as it is. Pure. */
export function reasonText(reason: string): string {
  return Object.hasOwn(reasons, reason) ? reasons[reason as OccurrenceReason] : lineText(reason, 120);
}

/** How an occurrence, or a run of them, came out, and why. Pure. */
export function occurrenceText({ outcome, reason, count }: Pick<Occurrence, "outcome" | "reason" | "count">): string {
  const often = count > 1 ? ` ${count} times in a row` : "";
  return `${lineText(outcome, 20)}${often}${reason === null ? "" : `: ${reasonText(reason)}`}`;
}
