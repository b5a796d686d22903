import {
  checkRetentionPolicy,
  parseBackoff,
  type BackoffPolicy,
  type Clock,
  type Codec,
  type Logger,
  type Random,
  type TaskExecutor,
  type TaskHandlerRegistration,
  type TaskRetentionPolicy,
  type TaskService,
  type TaskStore,
} from "@millrace/models";
import type { TaskList } from "../client/create-task-client.ts";
import type { HostEventListener, LifecycleEventListener } from "./host-events.ts";

/** How a host claims, renews, sweeps and stops. Out of bounds is refused, never clamped. */
export interface RunnerOptions {
  /** This host's name in leases, events and lists. @defaultValue a random UUID */
  readonly id?: string;
  /** What stays the same when this host is started anew, such as the name of a pod: a start replaces the host that lived as it. @defaultValue none */
  readonly podId?: string;
  /** Whether a start takes at once what the replaced host held; false leaves it until its leases end. @defaultValue true */
  readonly recoverOnStart?: boolean;
  /** How long at most until it looks for work without having been woken, in ms; 50 or more. @defaultValue 1_000 */
  readonly pollIntervalMs?: number;
  /** How often leases are renewed, in ms; 50 or more. @defaultValue 10_000, or a third of a shorter `leaseMs` */
  readonly heartbeatMs?: number;
  /** How long a claimed task may go unheard of before another host takes it, in ms; 500 or more, and twice `heartbeatMs`. @defaultValue 30_000 */
  readonly leaseMs?: number;
  /** How many runs at once in this host. @defaultValue 4 */
  readonly concurrency?: number;
  /** How many tasks may be leased at once over the whole store; null = leave the store's limit as it is. @defaultValue null */
  readonly storeConcurrency?: number | null;
  /** How often overdue leases, waits and starts are looked for, in ms, ± 20 %; 50 or more. @defaultValue 5_000 */
  readonly sweepIntervalMs?: number;
  /** How many of each one sweep takes in a bite. @defaultValue 100 */
  readonly sweepLimit?: number;
  /** How long a handler may be silent before its task is called stale, in ms; a kind's or task's own wins; 0 = only those. @defaultValue 0 */
  readonly watchdogMs?: number;
  /** How often silent tasks are looked for, in ms; 50 or more. @defaultValue `sweepIntervalMs` */
  readonly watchdogScanIntervalMs?: number;
  /** What is removed, and when; absent = nothing is. Needs the store's `retention` facet. */
  readonly retentionPolicy?: TaskRetentionPolicy;
  /** How often old tasks are looked for, in ms; 1,000 or more. @defaultValue 60_000 */
  readonly retentionScanIntervalMs?: number;
  /** How long a stop waits for running tasks, in ms. @defaultValue 25_000 */
  readonly stopWaitMs?: number;
  /** How long an aborted run may take to end, in ms. @defaultValue 3_000 */
  readonly abortGraceMs?: number;
  /** How long a thread vouches for a host whose event loop is blocked, in ms; 1,000 or more. @defaultValue 60_000 */
  readonly maxBlockMs?: number;
  /** How long the journal is kept at least, in ms, when this host prunes. @defaultValue 86_400_000 */
  readonly journalKeepMs?: number;
}

/** A line of this host's log, for loggers of another shape. */
export interface HostLogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How a host is made. The runner's options may stand here or under `runner`. */
export interface TaskHostOptions<Tx = never> extends RunnerOptions {
  readonly store: TaskStore<Tx>;
  /** One, or several: the first that does not refuse a handler runs it. */
  readonly executor: TaskExecutor | readonly TaskExecutor[];
  readonly tasks?: TaskList;
  readonly handlers?: readonly TaskHandlerRegistration[];
  readonly services?: readonly TaskService[];
  readonly runner?: RunnerOptions;
  /** @defaultValue warnings and errors on the console */
  readonly logger?: Logger;
  /** Gets every line beside, or instead of, a `logger`. */
  readonly loggerAdapter?: (line: HostLogLine) => void;
  readonly onEvent?: HostEventListener;
  readonly onLifecycleEvent?: LifecycleEventListener;
  /** How many failures end a task whose own options and kind do not say; null = unlimited. @defaultValue 1 */
  readonly defaultMaxAttempts?: number | null;
  /** @defaultValue exponential, 1 s × 2ⁿ, at most 1 h, full jitter */
  readonly defaultBackoff?: BackoffPolicy;
  /** How long an attempt may run that neither task nor kind limits, in ms; null = without limit. @defaultValue null */
  readonly defaultTimeoutMs?: number | null;
  /** Encodes what is written, and reads it. */
  readonly codec?: Codec;
  /** Read what they wrote before. */
  readonly codecs?: readonly Codec[];
  /** Whether kinds may be enqueued that nobody has described. @defaultValue false */
  readonly allowUnknownKinds?: boolean;
  /** UTF-8 bytes of an input or output, before any codec; a kind's own wins. @defaultValue 262_144 */
  readonly maxPayloadBytes?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** The name of this process or machine, for people. @defaultValue "" */
  readonly label?: string;
  /** Which version of your program this is, for people. @defaultValue "" */
  readonly version?: string;
}

/** The runner's options, checked and filled. */
export interface RunnerSettings {
  readonly id: string;
  readonly podId: string | null;
  readonly recoverOnStart: boolean;
  readonly pollIntervalMs: number;
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  readonly concurrency: number;
  readonly storeConcurrency: number | null;
  /** What the store says. */
  readonly batchSize: number;
  readonly sweepIntervalMs: number;
  readonly sweepLimit: number;
  readonly watchdogMs: number;
  readonly watchdogScanIntervalMs: number;
  readonly retentionPolicy: TaskRetentionPolicy | null;
  readonly retentionScanIntervalMs: number;
  readonly stopWaitMs: number;
  readonly abortGraceMs: number;
  readonly maxBlockMs: number;
}

/** @throws `OPTION_INVALID` for a policy out of bounds */
export function checkedRetention(policy: TaskRetentionPolicy | undefined): TaskRetentionPolicy | null {
  if (policy === undefined) return null;
  checkRetentionPolicy(policy);
  return policy;
}

/** @throws `OPTION_INVALID` */
export function checkedBackoff(backoff: BackoffPolicy | undefined): BackoffPolicy | undefined {
  return backoff === undefined ? undefined : parseBackoff(backoff, "defaultBackoff");
}
