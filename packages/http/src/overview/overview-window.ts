import type { EpochMs } from "@millrace/models";

/** The name of how far back an overview looks. */
export type OverviewWindowName = "15m" | "1h" | "6h" | "24h";

const minuteMs = 60_000;

/** Into how many parts each is cut, and how long one is, in ms. */
export const overviewWindows: Readonly<
  Record<OverviewWindowName, { readonly parts: number; readonly partMs: number }>
> = {
  "15m": { parts: 15, partMs: minuteMs },
  "1h": { parts: 60, partMs: minuteMs },
  "6h": { parts: 72, partMs: 5 * minuteMs },
  "24h": { parts: 96, partMs: 15 * minuteMs },
};

/** A stretch of time up to now, in parts that begin at multiples of their length; the last is not over yet. */
export interface OverviewWindow {
  readonly name: OverviewWindowName;
  readonly from: EpochMs;
  readonly now: EpochMs;
  readonly partMs: number;
  readonly parts: number;
}

/** The window of a name that ends now. */
export function overviewWindow(name: OverviewWindowName, now: EpochMs): OverviewWindow {
  const { parts, partMs } = overviewWindows[name];
  const last = now - (now % partMs);
  return { name, from: last - (parts - 1) * partMs, now, partMs, parts };
}

/** The beginnings of all its parts. */
export function partsOf({ from, partMs, parts }: OverviewWindow): readonly EpochMs[] {
  return Array.from({ length: parts }, (_, index) => from + index * partMs);
}
