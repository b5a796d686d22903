import { TaskError, type EpochMs } from "@millrace/models";

/** A moment at which a zone's clocks are put forward or back. */
export interface ClockChange {
  readonly at: EpochMs;
  /** How far local time is ahead of UTC, in ms, until then. */
  readonly before: number;
  /** And from then on. */
  readonly after: number;
}

/**
 * A time zone: what local time is ahead of UTC, and when that changes. Local times are numbers too: milliseconds as if the
 * clock on the wall were UTC.
 */
export interface TimeZone {
  readonly name: string;
  offsetAt(at: EpochMs): number;
  /** The first change in (after, until]; null = there is none. */
  nextChange(after: EpochMs, until: EpochMs): ClockChange | null;
}

const dayMs = 86_400_000;
// Offsets are looked up a day apart; the moments between are found by halving. One piece is about a year.
const pieceDays = 366;
const pieceMs = pieceDays * dayMs;

interface Piece {
  /** At its start. */
  readonly offset: number;
  readonly changes: readonly ClockChange[];
}

const zones = new Map<string, TimeZone>();

/** A zone by its IANA name; the platform knows its rules. @throws `TIME_ZONE_UNKNOWN` */
export function timeZone(name: string): TimeZone {
  const known = zones.get(name);
  if (known) return known;
  const zone = openZone(name);
  zones.set(name, zone);
  return zone;
}

function openZone(name: string): TimeZone {
  const offsetOf = offsetReader(name);
  const pieces = new Map<number, Piece>();
  const pieceAt = (index: number): Piece => {
    const known = pieces.get(index);
    if (known) return known;
    const piece = readPiece(index * pieceMs, offsetOf);
    pieces.set(index, piece);
    return piece;
  };
  return {
    name,
    offsetAt(at) {
      const { offset, changes } = pieceAt(Math.floor(at / pieceMs));
      return changes.findLast((change) => change.at <= at)?.after ?? offset;
    },
    nextChange(after, until) {
      for (let index = Math.floor(after / pieceMs); index * pieceMs <= until; index += 1) {
        const found = pieceAt(index).changes.find(({ at }) => at > after);
        if (found) return found.at <= until ? found : null;
      }
      return null;
    },
  };
}

function readPiece(start: EpochMs, offsetOf: (at: EpochMs) => number): Piece {
  const changes: ClockChange[] = [];
  // A change at its very start is the piece's own, so the first look is just before it.
  let before = offsetOf(start - 1);
  let from = start - 1;
  for (let day = 1; day <= pieceDays; day += 1) {
    const to = start - 1 + day * dayMs;
    const after = offsetOf(to);
    if (after !== before) changes.push({ at: changeBetween(from, to, offsetOf), before, after });
    before = after;
    from = to;
  }
  return { offset: changes[0]?.at === start ? changes[0].before : offsetOf(start), changes };
}

/** The first moment in (from, to] at which the offset is no longer that of `from`. */
function changeBetween(from: EpochMs, to: EpochMs, offsetOf: (at: EpochMs) => number): EpochMs {
  const before = offsetOf(from);
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetOf(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

function offsetReader(name: string): (at: EpochMs) => number {
  const format = formatOf(name);
  return (at) => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const local = Date.UTC(year, month - 1, day, hour, minute, second);
    return local - Math.floor(at / 1_000) * 1_000;
  };
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    // A bare offset is no zone: it has no rules.
    if (typeof name !== "string" || !/^[A-Za-z]/.test(name) || name.length > 100) throw new RangeError("no zone name");
    return new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
      timeZone: name,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (error) {
    const shown = typeof name === "string" ? name.slice(0, 100) : typeof name;
    throw new TaskError("TIME_ZONE_UNKNOWN", `The time zone "${shown}" is not known here.`, {
      cause: error,
      details: { path: "timeZone", timeZone: shown },
    });
  }
}
