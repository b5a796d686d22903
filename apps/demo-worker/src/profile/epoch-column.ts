import type { Cell } from "./classify-value.ts";

const timeWords = /(?:^|[\s_])(?:time|date|updated|created|timestamp)(?:$|[\s_])|(?:At|Time|Date)$/i;
const earliest = Date.UTC(1980, 0);
const latest = Date.UTC(2100, 0);

/** Whether a column is named as one that holds moments. */
export function isEpochColumn(name: string): boolean {
  return timeWords.test(name);
}

/** Takes a whole number that lies between 1980 and 2100, read as epoch milliseconds, for the date it stands for. */
export function readEpoch(cell: Cell): Cell {
  const isEpoch = cell.kind === "integer" && Number(cell.value) >= earliest && Number(cell.value) < latest;
  return isEpoch ? { kind: "date", value: cell.value } : cell;
}
