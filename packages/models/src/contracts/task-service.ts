import type { TaskEventConsumer } from "./task-event-consumer.ts";
import type { Clock } from "../time/clock.ts";
import type { Facet, FacetName } from "./facets.ts";
import type { Logger } from "./logger.ts";
import type { TaskClient } from "./task-client.ts";
import type { TaskStore } from "./task-store.ts";

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
