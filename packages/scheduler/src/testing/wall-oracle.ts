import type { EpochMs } from "@millrace/models";

const minuteMs = 60_000;

/** What a clock on the wall of a zone shows, asked of the platform each time. */
function wallReader(zone: string): (at: EpochMs) => number {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  return (at) => {
    const [, day, month, year, hour, minute] = /(\d+)\/(\d+)\/(\d+), (\d+):(\d+)/.exec(format.format(at)) ?? [];
    return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  };
}

/** A stretch of minutes. */
export interface Stretch {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Two days on both sides of every change of a zone's clocks, found by looking at every hour. */
export function stretchesOfChange(zone: string, { from, to }: Stretch): readonly Stretch[] {
  const wallAt = wallReader(zone);
  const found: Stretch[] = [];
  let before = wallAt(from) - from;
  for (let at = from; at < to; at += 60 * minuteMs) {
    const offset = wallAt(at) - at;
    if (offset !== before) found.push({ from: at - 2 * 86_400_000, to: at + 2 * 86_400_000 });
    before = offset;
  }
  return found;
}

/** A cron expression of numbers, `*`, steps of `*`, ranges and lists, read without any library. */
export function plainMatcher(expression: string): (wall: number) => boolean {
  const sets = expression
    .split(" ")
    .map((field, at) => plainSet(field, [0, 0, 1, 1, 0][at] ?? 0, [59, 23, 31, 12, 6][at] ?? 0));
  const [, , days = "*", , weekdays = "*"] = expression.split(" ");
  return (wall) => {
    const date = new Date(wall);
    const has = (at: number, value: number): boolean => sets[at]?.has(value) === true;
    const isDay = has(2, date.getUTCDate());
    const isWeekday = has(4, date.getUTCDay());
    // As cron has always had it: with both named, either is enough.
    const isDate = days !== "*" && weekdays !== "*" ? isDay || isWeekday : isDay && isWeekday;
    return has(0, date.getUTCMinutes()) && has(1, date.getUTCHours()) && has(3, date.getUTCMonth() + 1) && isDate;
  };
}

function plainSet(field: string, min: number, max: number): ReadonlySet<number> {
  const values = new Set<number>();
  for (const item of field.split(",")) {
    const [range = "", step = "1"] = item.split("/");
    const [first, last] = range === "*" ? [min, max] : range.split("-").map(Number);
    for (let value = first ?? min; value <= (last ?? first ?? max); value += Number(step)) values.add(value);
  }
  return values;
}

/**
 * The moments of an expression in a stretch, by looking at every minute of it. Flowing: whenever the wall shows a time that
 * matches. Fixed: the first time it shows one, or the first minute after it was leapt over.
 */
export function momentsByMinute(
  walls: Float64Array,
  { from, to }: Stretch,
  { matches, isFixed }: { readonly matches: (wall: number) => boolean; readonly isFixed: boolean },
): readonly EpochMs[] {
  const moments = new Set<EpochMs>();
  const shown = new Set<number>();
  let highest = (walls[0] ?? 0) - minuteMs;
  for (let n = 0; n < walls.length; n += 1) {
    const wall = walls[n] ?? 0;
    const at = from + n * minuteMs;
    if (!isFixed) {
      if (matches(wall)) moments.add(at);
      continue;
    }
    // What was leapt over comes right after the leap.
    for (let leapt = highest + minuteMs; leapt < wall; leapt += minuteMs) if (matches(leapt)) moments.add(at);
    if (matches(wall) && !shown.has(wall)) moments.add(at);
    shown.add(wall);
    highest = Math.max(highest, wall);
  }
  return [...moments].filter((at) => at >= from + 86_400_000 && at < to - 86_400_000).toSorted((a, b) => a - b);
}

/** What the wall shows at every minute of a stretch. */
export function wallsOf(zone: string, { from, to }: Stretch): Float64Array {
  const wallAt = wallReader(zone);
  return Float64Array.from({ length: Math.floor((to - from) / minuteMs) }, (_, n) => wallAt(from + n * minuteMs));
}
