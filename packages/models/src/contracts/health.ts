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

/** Something that somebody should do something about. All but the first two are found by a thorough look only. */
export interface HealthFinding {
  readonly code: "HORIZON_HELD" | "DEAD_ROWS" | "TABLE_MISSING" | "INDEX_MISSING" | "INDEX_INVALID" | "FILE_DAMAGED";
  readonly message: string;
  /** What to do. */
  readonly fix: string;
}

/** How well the database under a store is. */
export interface StoreHealth {
  /** Null also where nobody can keep anything from being tidied up. */
  readonly horizon: HorizonHolder | null;
  /** Empty where the database keeps no such numbers. */
  readonly tables: readonly TableHealth[];
  readonly findings: readonly HealthFinding[];
}

/** How closely to look. */
export interface LookOptions {
  /**
   * Also whether every table and index is there and whole. That may read the whole database: for when somebody asks, not for
   * every minute. @defaultValue false
   */
  readonly thorough?: boolean;
}

/** Looks at the database under a store. Needs no more rights than the store itself, and holds nobody up. */
export interface HealthFacet {
  /** @throws `STORE_BUSY` when a thorough look takes too long */
  look(options?: LookOptions): Promise<StoreHealth>;
}
