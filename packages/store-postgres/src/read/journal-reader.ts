import type { PackedEvents } from "@millrace/store-sql";
import { startedAndSucceeded } from "@millrace/store-sql";
import type { Row, Session, Sql } from "../connection/session.ts";
import { numberOf, numberOrNull } from "../row/task-row.ts";
import { type JournalPlace, placeAfter } from "./journal-place.ts";
import { type Snapshot, snapshotSql } from "./snapshot.ts";

const isInWindow = `not pg_visible_in_snapshot(xid, ${snapshotSql(1)}) and pg_visible_in_snapshot(xid, ${snapshotSql(2)})`;
const columns =
  "seq, at, type, tenant_id, kind, was, became, reason, host_id, n, version, attempt, ids::text[], versions, attempts, data";
/** The first rows of a window: found by the transactions, for by position the planner would begin at the oldest row of all. */
export const selectFirstRows: Sql = (n) => `
select ${columns} from ${n.event}
where ${isInWindow} and seq >= (select min(seq) from (
  select seq from ${n.event} where xid >= pg_snapshot_xmin(${snapshotSql(1)}) and ${isInWindow} offset 0) z)
order by seq limit $3`;
/** Its rows from a place on. */
export const selectRows: Sql = (n) => `
select ${columns} from ${n.event} where seq >= $3::bigint and ${isInWindow} order by seq limit $4`;

const rowsAtOnce = 64;

/** Goes through the journal row by row, from a place up to a moment. */
export class JournalReader {
  readonly #session: Session;
  readonly #until: Snapshot;
  #seen: Snapshot;
  #window: Snapshot | null;
  #seq: bigint;
  #entry: number;
  #rows: PackedEvents[] = [];
  #isWindowRead = false;

  constructor(session: Session, until: Snapshot, from: JournalPlace) {
    this.#session = session;
    this.#until = until;
    this.#seen = from.seen;
    this.#window = from.window;
    this.#seq = from.seq;
    this.#entry = from.entry;
  }

  /** The next row and how many of its entries were read before; null when there is none. */
  async peek(): Promise<{ readonly row: PackedEvents; readonly entry: number } | null> {
    while (this.#rows.length === 0) {
      if (this.#isWindowRead) {
        if (this.#window === null || this.#window === this.#until) return null;
        this.#closeWindow(this.#window);
      }
      await this.#readOn();
    }
    const [row] = this.#rows;
    if (!row) return null;
    return { row, entry: BigInt(row.seq) === this.#seq ? this.#entry : 0 };
  }

  /** So many entries of the next row have been read, or all of them. */
  goOn(row: PackedEvents, entry: number): void {
    if (entry >= row.entries) {
      this.#rows.shift();
      this.#seq = BigInt(row.seq) + 1n;
      this.#entry = 0;
    } else {
      this.#seq = BigInt(row.seq);
      this.#entry = entry;
    }
  }

  /** Where it stands: after the moment when everything up to it was read. */
  place(isAtEnd: boolean): JournalPlace {
    if (isAtEnd || this.#window === null) return placeAfter(isAtEnd ? this.#until : this.#seen);
    return { seen: this.#seen, window: this.#window, seq: this.#seq, entry: this.#entry };
  }

  #closeWindow(read: Snapshot): void {
    this.#seen = read;
    this.#window = null;
    this.#seq = 0n;
    this.#entry = 0;
    this.#isWindowRead = false;
  }

  async #readOn(): Promise<void> {
    this.#window ??= this.#until;
    const window = [this.#seen.text, this.#window.text];
    const rows = await (this.#seq === 0n
      ? this.#session.run(selectFirstRows, [...window, rowsAtOnce])
      : this.#session.run(selectRows, [...window, String(this.#seq), rowsAtOnce]));
    this.#rows = rows.map(packedOf);
    this.#isWindowRead = rows.length < rowsAtOnce;
  }
}

function packedOf(row: Row): PackedEvents {
  const text = (column: number): string | null => (row[column] as string | null) ?? null;
  const ids = (row[12] as readonly string[] | null) ?? [];
  const type = numberOf(row[2]);
  return {
    seq: numberOf(row[0]),
    at: numberOf(row[1]),
    type,
    tenantId: text(3) ?? "",
    kind: text(4),
    was: numberOrNull(row[5]),
    became: numberOrNull(row[6]),
    reason: text(7),
    hostId: text(8),
    entries: numberOf(row[9]) * (type === startedAndSucceeded ? 2 : 1),
    version: numberOrNull(row[10]),
    attempt: numberOrNull(row[11]),
    idAt: (index) => ids[index] ?? "",
    versions: (row[13] as readonly number[] | null) ?? [],
    attempts: (row[14] as readonly number[] | null) ?? [],
    data: JSON.parse(text(15) ?? "[]") as readonly (string | number | null)[],
  };
}
