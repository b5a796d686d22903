import {
  createTaskId,
  type CancelAnswer,
  type Clock,
  type Codec,
  type EnqueueResult,
  type Logger,
  type Random,
  type TaskClient,
  type TaskStore,
} from "@millrace/models";
import { awaitResult, createLocalResults, type LocalResults } from "./await-result.ts";
import { createControlSide, type ControlSide } from "./control-side.ts";
import { createEnqueueQueue } from "./enqueue-queue.ts";
import type { EnqueuePlanning } from "./enqueue-request.ts";
import { createEnqueueSide, type EnqueueSide } from "./enqueue-side.ts";
import type { KindLookup } from "./known-kind.ts";
import { explainTask } from "./explain/explain-task.ts";
import { createFleetSide, type FleetSide } from "./fleet-side.ts";
import { createMarksSide, type MarksSide } from "./marks-side.ts";
import { createQueuedSide, type QueuedSide } from "./queued-side.ts";
import { createReadSide, type ReadSide } from "./read-side.ts";
import { createSnapshotReader, type SnapshotReader } from "./snapshot-reader.ts";
import { createValueCodec, type ValueCodec } from "./value-codec.ts";

/** What a client and a host are made of alike, resolved. */
export interface ClientSettings<Tx> {
  readonly store: TaskStore<Tx>;
  readonly kinds: KindLookup;
  readonly codec: Codec | null;
  readonly codecs: readonly Codec[];
  readonly maxPayloadBytes: number;
  readonly allowUnknownKinds: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Hears of tasks that were stored, cancelled or may have become due. */
  readonly hooks: ClientHooks;
}

/** What a host wants to hear of its own client. */
export interface ClientHooks {
  onEnqueued(results: readonly EnqueueResult[]): void;
  onCancelled(answer: Exclude<CancelAnswer, { status: "not-found" }>): void;
  onDue(): void;
}

/** A client with its inner parts, which a host uses too. */
export interface ClientCore<Tx> {
  readonly client: Omit<EnqueueSide<Tx>, "enqueueFor"> &
    ReadSide &
    FleetSide &
    MarksSide &
    ControlSide &
    QueuedSide &
    Pick<TaskClient, "awaitResult" | "explain">;
  readonly enqueueFor: EnqueueSide<Tx>["enqueueFor"];
  readonly planning: EnqueuePlanning;
  readonly values: ValueCodec;
  readonly snapshots: SnapshotReader;
  readonly results: LocalResults;
}

/** Makes the core. */
export function createClientCore<Tx>(settings: ClientSettings<Tx>): ClientCore<Tx> {
  const { store, clock, random, logger, hooks, maxPayloadBytes } = settings;
  const values = createValueCodec(settings.codec, settings.codecs);
  const snapshots = createSnapshotReader(values, clock);
  const results = createLocalResults();
  const planning: EnqueuePlanning = {
    values,
    maxPayloadBytes,
    allowUnknownKinds: settings.allowUnknownKinds,
    find: (kind) => settings.kinds.find(kind),
    makeId: () => createTaskId(Math.floor(clock.now())),
  };
  const { enqueueFor, ...enqueueing } = createEnqueueSide<Tx>({
    store,
    queue: createEnqueueQueue({ store, clock, random, onStored: (stored) => hooks.onEnqueued(stored) }),
    planning,
    snapshots,
    logger,
  });
  const control = createControlSide({
    store,
    snapshots,
    values,
    clock,
    random,
    maxPayloadBytes,
    onCancelled: (answer) => hooks.onCancelled(answer),
    onDue: () => hooks.onDue(),
  });
  return {
    client: {
      ...enqueueing,
      ...createReadSide(store, snapshots, clock),
      ...createFleetSide(store),
      ...createMarksSide(store),
      ...control,
      ...createQueuedSide({ store, snapshots, planning, onDue: () => hooks.onDue() }),
      explain: (taskId, options) => explainTask({ store, snapshots, clock }, taskId, options),
      // What a caller says of its task's output is its own promise.
      awaitResult: <Output>(taskId: string, options = {}) =>
        awaitResult(taskId, options, { store, clock, values, results }) as Promise<Output>,
    },
    enqueueFor,
    planning,
    values,
    snapshots,
    results,
  };
}
