import type { EpochMs } from "../time/clock.ts";

/** Who keeps a database from tidying up what is dead: the one that has done so for longest. */
export interface HorizonHolder {
  /** A session, a transaction that was prepared and left, or the place of a replica or another reader of the log. */
  readonly type: "session" | "prepared-transaction" | "replication-slot";
  /** The process of the session, or of the reader of the slot; null where there is none. */
  readonly pid: number | null;
  /** The name of the application, of the prepared transaction or of the slot. */
  readonly name: string;
  /** Null where there is none, or the store may not know. */
  readonly user: string | null;
  /** Such as `idle in transaction`; null when the store may not know. */
  readonly state: string | null;
  /** For how long, in ms; null when the store may not know. */
  readonly ageMs: number | null;
  /** How many transactions the server has begun since. */
  readonly ageTransactions: number;
}

/** A table of the store. */
export interface TableHealth {
  readonly name: string;
  /** An estimate of the server. */
  readonly liveRows: number;
  /** An estimate of the server: rows that are deleted or replaced and still take up room and time. */
  readonly deadRows: number;
  readonly vacuumedAt: EpochMs | null;
}

/** Something that somebody should do something about. */
export interface HealthFinding {
  readonly code: "HORIZON_HELD" | "DEAD_ROWS";
  readonly message: string;
  /** What to do. */
  readonly fix: string;
}

/** How well the database under a store is. */
export interface StoreHealth {
  readonly horizon: HorizonHolder | null;
  readonly tables: readonly TableHealth[];
  readonly findings: readonly HealthFinding[];
}

/** Looks at the database under a store. Needs no more rights than the store itself. */
export interface HealthFacet {
  look(): Promise<StoreHealth>;
}
