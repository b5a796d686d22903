/** How exactly a moment is known or grouped, finest first. */
export const timeUnits = ["hour", "day", "month", "year"] as const;

export type TimeUnit = (typeof timeUnits)[number];

/** The start of the unit that a moment lies in, in UTC. Epoch milliseconds in and out. */
export function startOfUnit(at: number, unit: TimeUnit): number {
  const date = new Date(at);
  const year = date.getUTCFullYear();
  if (unit === "year") return Date.UTC(year, 0);
  if (unit === "month") return Date.UTC(year, date.getUTCMonth());
  if (unit === "day") return Date.UTC(year, date.getUTCMonth(), date.getUTCDate());
  return Date.UTC(year, date.getUTCMonth(), date.getUTCDate(), date.getUTCHours());
}

/** The start of the unit after the one that starts at `at`. */
export function startOfNextUnit(at: number, unit: TimeUnit): number {
  const date = new Date(at);
  if (unit === "year") return Date.UTC(date.getUTCFullYear() + 1, 0);
  if (unit === "month") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
  return at + (unit === "day" ? 86_400_000 : 3_600_000);
}
