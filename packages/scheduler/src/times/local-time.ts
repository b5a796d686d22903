import type { EpochMs } from "@millrace/models";
import type { TimeZone } from "./time-zone.ts";

// Farther than any zone is from UTC, and any clock was ever put: Samoa once left a day out.
const farthestMs = 40 * 3_600_000;

/**
 * The moment at which a clock on the wall shows a time: the first of two where it shows it twice, and the moment it is put
 * forward where it never shows it.
 */
export function momentOf(local: number, zone: TimeZone): EpochMs {
  let from = local - farthestMs;
  let offset = zone.offsetAt(from);
  for (;;) {
    const change = zone.nextChange(from, local + farthestMs);
    const moment = local - offset;
    if (!change || moment < change.at) return moment;
    // Behind the change by the old clock and before it by the new one: that time was left out.
    if (local - change.after < change.at) return change.at;
    from = change.at;
    offset = change.after;
  }
}
