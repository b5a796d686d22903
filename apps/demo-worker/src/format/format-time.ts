import type { TimeUnit } from "./time-unit.ts";

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** A moment in UTC, as exact as its unit: `1958`, `March 1958`, `1 March 1958`, `1 March 1958, 14:00`. */
export function formatMoment(at: number, unit: TimeUnit): string {
  const date = new Date(at);
  const year = String(date.getUTCFullYear());
  if (unit === "year") return year;
  const month = months[date.getUTCMonth()] ?? "";
  if (unit === "month") return `${month} ${year}`;
  const day = `${String(date.getUTCDate())} ${month} ${year}`;
  if (unit === "day") return day;
  return `${day}, ${date.toISOString().slice(11, 16)}`;
}
