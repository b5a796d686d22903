import type {
  AttemptRecord,
  Clock,
  EpochMs,
  EventCursor,
  FailureMark,
  KindRecord,
  Random,
  RateLimit,
  RetentionSweep,
  ScheduleRecord,
  StoredHost,
  StoredValue,
  TaskId,
  TokenBucket,
} from "@millrace/models";
import { EdgeTable } from "./edge-table.ts";
import { Journal } from "./journal.ts";
import { OccurrenceTable } from "./occurrence-table.ts";
import { StepTable } from "./step-table.ts";
import { Table } from "./table.ts";
import { TaskTable } from "./task-table.ts";
import { UndoLog } from "./undo-log.ts";

/** A kind, and what the store counts for it. */
export interface KindRow {
  readonly record: Omit<KindRecord, "limit" | "rate">;
  readonly rateFromCode: RateLimit | null;
  readonly rateOverride: RateLimit | null;
  readonly bucket: TokenBucket | null;
}

/** A concurrency key of a tenant: it exists while an open task carries it, or an operator has said something of it. */
export interface KeyRow {
  readonly tenantId: string;
  readonly key: string;
  readonly limit: number;
  /** Set by an operator, so it outlives the tasks that carry the key. */
  readonly isSet: boolean;
  readonly rate: RateLimit | null;
  readonly bucket: TokenBucket | null;
}

/** A signal that no wait has consumed yet. */
export interface KeptSignal {
  readonly name: string;
  readonly payload: StoredValue | null;
}

/** The signals of an open task. */
export interface SignalBox {
  /** In the order of their arrival. */
  readonly kept: readonly KeptSignal[];
  /** Ids of all that ever came. */
  readonly seen: ReadonlySet<string>;
}

/** How far a journal reader has come. */
export interface CursorRow {
  readonly cursor: EventCursor;
  readonly savedAt: EpochMs;
}

/** Everything a memory store holds: the tables of the SQL stores, as maps. */
export interface MemoryState {
  readonly clock: Clock;
  readonly random: Random;
  readonly undo: UndoLog;
  readonly journal: Journal;
  readonly tasks: TaskTable;
  readonly edges: EdgeTable;
  readonly steps: StepTable;
  readonly attempts: Table<TaskId, readonly AttemptRecord[]>;
  readonly memos: Table<TaskId, ReadonlyMap<string, StoredValue>>;
  readonly signals: Table<TaskId, SignalBox>;
  /** The last task made with a dedupe key, by tenant, kind and key. */
  readonly dedupe: Table<string, TaskId>;
  readonly kinds: Table<string, KindRow>;
  readonly keys: Table<string, KeyRow>;
  readonly hosts: Table<string, StoredHost>;
  /** Kinds of which it was told that nobody serves them. */
  readonly unserved: Table<string, true>;
  readonly cursors: Table<string, CursorRow>;
  readonly failureMarks: Table<string, FailureMark>;
  /** By tenant and id. */
  readonly schedules: Table<string, ScheduleRecord>;
  readonly occurrences: OccurrenceTable;
  /** Tasks that became final in the running transaction and whose effects on others are still to come. */
  readonly ended: TaskId[];
  /** The moment of the running operation: read once, so that all it writes agrees. */
  now: EpochMs;
  /** When kinds that nobody serves were last looked for; null = never. */
  lookedForUnservedAt: EpochMs | null;
  /** The last sweep of retention that came to its end. */
  lastSweep: RetentionSweep | null;
  /** How many tasks may be leased at once over the whole store; null = unlimited. */
  storeLimit: number | null;
}

/** An empty store. */
export function createMemoryState(
  parts: Pick<MemoryState, "clock" | "random"> & { readonly epoch: string },
): MemoryState {
  const undo = new UndoLog();
  return {
    clock: parts.clock,
    random: parts.random,
    undo,
    journal: new Journal(undo, parts.epoch),
    tasks: new TaskTable(undo, parts.clock),
    edges: new EdgeTable(undo),
    steps: new StepTable(undo),
    attempts: new Table(undo),
    memos: new Table(undo),
    signals: new Table(undo),
    dedupe: new Table(undo),
    kinds: new Table(undo),
    keys: new Table(undo),
    hosts: new Table(undo),
    unserved: new Table(undo),
    cursors: new Table(undo),
    failureMarks: new Table(undo),
    schedules: new Table(undo),
    occurrences: new OccurrenceTable(undo),
    ended: [],
    now: parts.clock.now(),
    lookedForUnservedAt: null,
    lastSweep: null,
    storeLimit: null,
  };
}
