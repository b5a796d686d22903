import type {
  AnyTaskDefinition,
  Json,
  LimitScope,
  PauseTarget,
  RateLimit,
  RetentionCounts,
  TaskHandlerRegistration,
  TaskRetentionPolicy,
} from "@millrace/models";
import type { StoreTaskClient } from "../client/create-task-client.ts";
import type { HostEventListener, LifecycleEventListener } from "./host-events.ts";
import type { StopOptions, TaskHostState } from "./lifecycle.ts";

/** What a host says of a kind it serves. */
export interface TaskInfo {
  readonly kind: string;
  readonly version: number;
  readonly description: string | null;
  /** The name of the executor that runs it. */
  readonly executor: string;
  /** How many tasks one run takes. */
  readonly batchSize: number;
}

/** A process that runs tasks, and a client of its store. */
export interface TaskHost<Tx = never> extends Omit<StoreTaskClient<Tx>, "pause" | "resume">, AsyncDisposable {
  /** As it stands in leases, events and lists. */
  readonly id: string;
  /** Begins to claim. Again while it runs: the same promise; while it stops: after that. Rejects when the store cannot be used. */
  start(): Promise<void>;
  /** Lets running tasks end, gives back what does not, and leaves store and executors open. */
  stop(options?: StopOptions): Promise<void>;
  /** Stops, and closes executors and store: the host cannot be started again. `await using` does it. */
  close(options?: StopOptions): Promise<void>;
  getState(): TaskHostState;

  /** Adds a kind, or replaces its handler; attempts that run keep theirs. */
  registerHandler(handler: TaskHandlerRegistration | AnyTaskDefinition): this;
  /** How many of them were served; their tasks stay as they are, attempts that run go on. */
  unregisterHandler(kinds: string | readonly string[]): number;
  /** Null when this host does not serve it. */
  getTaskInfo(kind: string): TaskInfo | null;

  /** Sets a task or kind aside; without a target this host itself claims nothing until it is resumed. */
  pause(target?: PauseTarget, options?: { readonly by?: string; readonly why?: string }): Promise<void>;
  resume(target?: PauseTarget, options?: { readonly payload?: Json }): Promise<void>;
  /** Asks a host to take no more tasks, or to go on; false when there is no such host. */
  drain(hostId?: string, drain?: boolean): Promise<boolean>;
  setLimit(scope: LimitScope, limit: number | null, options?: { readonly by?: string }): Promise<void>;
  setRate(scope: Exclude<LimitScope, { type: "store" }>, rate: RateLimit | null): Promise<void>;
  /** Removes what the policy says is old, until nothing is. @defaultValue the host's own policy */
  compact(policy?: TaskRetentionPolicy): Promise<RetentionCounts>;

  /** Hears of this host's own work, once the store has confirmed it. Answers how to stop listening. */
  onEvent(listener: HostEventListener): () => void;
  onLifecycleEvent(listener: LifecycleEventListener): () => void;
}
