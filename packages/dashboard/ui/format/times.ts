/** In which zone times are shown: a name of the IANA list, or `local`. */
export type ZoneChoice = string;

/** The zone itself. */
export function zoneOf(choice: ZoneChoice): string {
  return choice === "local" ? Intl.DateTimeFormat().resolvedOptions().timeZone : choice;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${name}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options });
    formats.set(key, found);
  }
  return found;
}

/** `14:02:11`, or with the date when it is another day than now. */
export function clockText(at: number, zone: string, now: number): string {
  const time = format(zone, "time", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);
  return dayText(at, zone) === dayText(now, zone) ? time : `${dayText(at, zone)} ${time}`;
}

/** `21 Nov`, and the year when it is not this one. */
function dayText(at: number, zone: string): string {
  const isThisYear = new Date(at).getUTCFullYear() === new Date().getUTCFullYear();
  return format(zone, isThisYear ? "day" : "year", {
    day: "2-digit",
    month: "short",
    ...(isThisYear ? {} : { year: "numeric" }),
  }).format(at);
}

/** Whole, with its zone: `Sat 21 Nov 2026, 14:02:11 CET`. */
export function absoluteText(at: number, zone: string): string {
  return format(zone, "absolute", {
    weekday: "short",
    day: "2-digit",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  }).format(at);
}

/** Without seconds: `Sun 22 Nov, 02:00`. */
export function shortText(at: number, zone: string): string {
  return format(zone, "short", {
    weekday: "short",
    day: "2-digit",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(at);
}

/** For machines. */
export function isoText(at: number): string {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : "";
}

/** What a zone is called here and now: `UTC`, `CET`. */
export function zoneName(zone: string, at: number): string {
  const parts = format(zone, "name", { timeZoneName: "short" }).formatToParts(at);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? zone;
}
