const numericDate =
  /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const namedDate = /^([A-Z][a-z]{2})[a-z]* (\d{1,2}),? (\d{4})$/;
const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * Epoch milliseconds of `2010-01-31`, `2001/01/01 00:47`, `2010-01-01T01:00:00Z` or `Jun 12 1998`, else `null`.
 * Without a zone it is read as UTC, so that the same file gives the same answer on every machine.
 */
export function parseDate(text: string): number | null {
  const first = text.charCodeAt(0);
  const isDigit = first >= 48 && first <= 57;
  return isDigit ? parseNumeric(text) : parseNamed(text);
}

function parseNumeric(text: string): number | null {
  const match = numericDate.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", zone] = match;
  const date = dateOf(Number(year), Number(month), Number(day));
  if (date === null || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return null;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offsetSeconds(zone);
  return date + seconds * 1000 + Number(fraction.padEnd(3, "0"));
}

function parseNamed(text: string): number | null {
  const match = namedDate.exec(text);
  if (match === null) return null;
  const month = monthNames.indexOf(match[1] ?? "") + 1;
  return month === 0 ? null : dateOf(Number(match[3]), month, Number(match[2]));
}

/** The day's start, or `null` when the calendar has no such day. */
function dateOf(year: number, month: number, day: number): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : null;
}

function offsetSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const sign = zone.startsWith("-") ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(-2)) * 60);
}
