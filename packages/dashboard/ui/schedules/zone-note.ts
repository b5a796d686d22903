import type { ShownSchedule } from "../api/answers.ts";
import { durationText, relativeText } from "../format/durations.ts";
import { shortText } from "../format/times.ts";

/** What the next change of the clocks does to a schedule; null when it is far away, or does nothing. Pure. */
export function zoneNote(
  { zone: { change }, timeZone }: Pick<ShownSchedule, "zone" | "timeZone">,
  now: number,
): string | null {
  if (change === null) return null;
  const shift = change.toOffsetMs - change.fromOffsetMs;
  const isNear = change.at - now < 60 * 86_400_000;
  if (!isNear && change.runs.length === 0) return null;
  const what = shift > 0 ? "go forward" : "go back";
  const runs =
    change.runs.length === 0
      ? ""
      : ` Around then it runs ${change.runs.map((at) => shortText(at, timeZone)).join("; ")}.`;
  return `Clocks of ${timeZone} ${what} by ${durationText(Math.abs(shift))} ${relativeText(change.at, now)} (${shortText(change.at, timeZone)}).${runs}`;
}
