/** The times that the overview can look back. */
export const windows = ["15m", "1h", "6h", "24h"] as const;
/** One of them. */
export type OverviewWindow = (typeof windows)[number];
