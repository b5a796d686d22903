/** Which transactions were over at a moment, as Postgres writes it: `xmin:xmax:` and those between that were not. */
export interface Snapshot {
  readonly text: string;
  readonly xmin: bigint;
  readonly xmax: bigint;
  readonly running: ReadonlySet<bigint>;
}

/** The snapshot that a parameter names: read once for a statement, not for each row. */
export const snapshotSql = (parameter: number): string => `(select $${parameter}::text::pg_snapshot)`;

/** The moment at which nothing had happened yet. */
export const beforeAll: Snapshot = { text: "3:3:", xmin: 3n, xmax: 3n, running: new Set() };

/** The snapshot of a text; null when it is none. */
export function parseSnapshot(text: string): Snapshot | null {
  const [, xmin, xmax, list = ""] =
    /^([1-9][0-9]{0,18}):([1-9][0-9]{0,18}):((?:[0-9]{1,19},)*[0-9]{1,19})?$/.exec(text) ?? [];
  if (xmin === undefined || xmax === undefined) return null;
  const running = new Set(list === "" ? [] : list.split(",").map(BigInt));
  return { text, xmin: BigInt(xmin), xmax: BigInt(xmax), running };
}

/**
 * The same moment as far as a transaction, and no further: of those after it nobody knows whether they are over. A server that
 * crashes gives the numbers of transactions that left no trace to others, and whoever took those for seen would miss them.
 */
export function upTo({ xmin, xmax, running }: Snapshot, xid: bigint): Snapshot {
  const end = xid < xmax ? xid + 1n : xmax;
  const start = xmin < end ? xmin : end;
  const open = [...running].filter((other) => other < end);
  return { text: `${start}:${end}:${open.join(",")}`, xmin: start, xmax: end, running: new Set(open) };
}

/** Whether a transaction was over by then. */
export function isSeen({ xmin, xmax, running }: Snapshot, xid: bigint): boolean {
  return xid < xmin || (xid < xmax && !running.has(xid));
}

/**
 * Whether a transaction was over by then, and with it every one before it of those that are over by `now`: what is open
 * for longer has shown nobody anything.
 */
export function areAllSeen(snapshot: Snapshot, xid: bigint, now: Snapshot): boolean {
  if (!isSeen(snapshot, xid)) return false;
  for (const other of snapshot.running) if (other <= xid && isSeen(now, other)) return false;
  return true;
}
