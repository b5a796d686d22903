import type { EventCursor } from "../events/event-cursor.ts";
import type { EpochMs } from "../time/clock.ts";
import type { ActivityFacet } from "./activity.ts";
import type { FailureMarksFacet } from "./failure-marks.ts";
import type { HealthFacet } from "./health.ts";
import type { HostsFacet } from "./hosts.ts";
import type { RateLimit } from "./kind.ts";
import type { Lease, LeaseAnswer } from "./lease.ts";
import type { RetentionFacet } from "./retention.ts";
import type { LeasedSettlement } from "./settlement.ts";
import type { WaitsFacet } from "./waits.ts";
import type { ScheduleStore } from "./schedules.ts";
import type { StorageFacet } from "./storage.ts";

/** The optional parts of a store, by name. A store without one still runs tasks. */
export interface Facets {
  readonly retention: RetentionFacet;
  readonly hosts: HostsFacet;
  readonly limits: LimitsFacet;
  readonly cursors: CursorsFacet;
  readonly schedules: ScheduleStore;
  readonly leaseKeeper: LeaseKeeperFacet;
  readonly txFence: TxFenceFacet;
  readonly health: HealthFacet;
  readonly waits: WaitsFacet;
  readonly activity: ActivityFacet;
  readonly storage: StorageFacet;
  readonly failureMarks: FailureMarksFacet;
}

/** The name of an optional part of a store. */
export type FacetName = keyof Facets;
/** An optional part of a store by its name. */
export type Facet<Name extends FacetName = FacetName> = Facets[Name];

/** What a limit binds: everything, a kind, or a concurrency key of one tenant. */
export type LimitScope =
  | { readonly type: "store" }
  | { readonly type: "kind"; readonly kind: string }
  | { readonly type: "key"; readonly tenantId: string; readonly key: string };

/** A limit in force, and what holds it. */
export interface LimitRecord {
  readonly scope: LimitScope;
  readonly limit: number | null;
  readonly held: number;
  readonly rate: RateLimit | null;
}

/** Sets and shows limits over the whole store. */
export interface LimitsFacet {
  /**
   * Sets how many may be leased at once; null = no limit (store), what code says (kind) or back to 1 (key). Binds from the next
   * claim. Of a kind's limit the store keeps `by` and when.
   */
  setLimit(scope: LimitScope, limit: number | null, by: string | null): Promise<void>;
  /** Sets how many may start in a time; null = no rate. */
  setRate(scope: Exclude<LimitScope, { type: "store" }>, rate: RateLimit | null): Promise<void>;
  /** Limits in force, with what holds them; keys only where some task holds or waits for them, at most `limit`. */
  list(limit: number): Promise<readonly LimitRecord[]>;
}

/** Durable places of journal readers. */
export interface CursorsFacet {
  load(consumer: string): Promise<EventCursor | null>;
  save(consumer: string, cursor: EventCursor): Promise<void>;
  list(): Promise<readonly { readonly consumer: string; readonly cursor: EventCursor; readonly savedAt: EpochMs }[]>;
  forget(consumer: string): Promise<void>;
}

/** How a thread can renew leases over a connection of its own. */
export interface LeaseKeeperFacet {
  /** A module that exports `openLeaseKeeper(options): LeaseKeeper`. */
  readonly module: string;
  /** Plain, structured-clonable. */
  readonly options: unknown;
}

/** Renews leases over a connection of its own, beside a blocked event loop. */
export interface LeaseKeeper {
  extend(leases: readonly Lease[], leaseMs: number): Promise<readonly LeaseAnswer[]>;
  close(): Promise<void>;
}

/** How a handler in another process or thread settles its task inside its own transaction. */
export interface TxFenceFacet {
  /** A module that exports `openTxFence(options): TxFence`. */
  readonly module: string;
  /** Plain, structured-clonable. */
  readonly options: unknown;
}

/** Settles inside a transaction of its caller's; needs no connection of its own. */
export interface TxFence {
  /** @throws `OPTION_INVALID`, `TX_UNSUPPORTED` */
  settle(tx: unknown, settlement: LeasedSettlement): Promise<LeaseAnswer>;
}
