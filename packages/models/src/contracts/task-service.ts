import type { TaskEventConsumer } from "./task-event-consumer.ts";
import type { TaskId } from "../ids/task-id.ts";
import type { Clock } from "../time/clock.ts";
import type { Facet, FacetName } from "./facets.ts";
import type { Logger } from "./logger.ts";
import type { EnqueueRequest } from "./enqueue.ts";
import type { EnqueueItem, TaskClient } from "./task-client.ts";
import type { TaskStore } from "./task-store.ts";

/** Makes whole tasks of what a caller says, without sending them. */
export interface RequestMaker {
  /** Checked, filled in and encoded as an enqueue would. @throws what `enqueue` throws before it sends */
  make(item: EnqueueItem): Promise<EnqueueRequest>;
  /** The same under another id: what a codec has bound to the old id is written anew. @throws `INTERNAL` without that codec */
  copy(request: EnqueueRequest, id: TaskId): Promise<EnqueueRequest>;
}

/** All that a plug-in gets from the engine. */
export interface ServicePort {
  readonly hostId: string;
  readonly client: TaskClient;
  readonly store: Pick<TaskStore, "read" | "get" | "aggregate" | "events" | "watch" | "markStale" | "kinds">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborts when the host stops. */
  readonly signal: AbortSignal;
  /** @throws `FACET_MISSING` when the store lacks it. */
  facet<Name extends FacetName>(name: Name): Facet<Name>;
  /** Makes requests for a facet that enqueues. */
  readonly requests: RequestMaker;
  /** Runs `job` about every `intervalMs`: never twice at once, jittered by ± 20 %, and goes on after a throw. */
  every(intervalMs: number, job: () => Promise<void>): void;
  /** Reads the journal with a durable cursor: at least once, in order per task. Needs the `cursors` facet. */
  consume(consumer: { readonly name: string }, handle: TaskEventConsumer): void;
}

/** Something that runs beside the tasks for as long as the host runs. */
export interface TaskService {
  readonly name: string;
  start(port: ServicePort): Promise<void>;
  stop?(): Promise<void>;
}
