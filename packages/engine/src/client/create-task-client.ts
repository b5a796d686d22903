import {
  silentLogger,
  systemClock,
  systemRandom,
  TaskError,
  type AnyTaskDefinition,
  type Clock,
  type Codec,
  type Logger,
  type Random,
  type TaskClient,
  type TaskHandlerRegistration,
  type TaskLiveSource,
  type TaskStore,
} from "@millrace/models";
import { checkKindOptions } from "../host/kind-registry.ts";
import type { ControlSide } from "./control-side.ts";
import { defaultMaxPayloadBytes } from "./enqueue-request.ts";
import type { EnqueueSide } from "./enqueue-side.ts";
import type { KindLookup, KnownKind } from "./known-kind.ts";
import { checkInteger, checkKeys, optionError } from "./option-check.ts";
import type { ReadSide } from "./read-side.ts";
import { createClientCore } from "./task-client-core.ts";

/** How a client is made. */
export interface TaskClientOptions<Tx = never> {
  readonly store: TaskStore<Tx>;
  /** Kinds whose inputs are judged and whose defaults are filled here; definitions without code are enough. */
  readonly tasks?: TaskList;
  readonly handlers?: readonly TaskHandlerRegistration[];
  /** Encodes what is written, and reads it. */
  readonly codec?: Codec;
  /** Read what they wrote before. */
  readonly codecs?: readonly Codec[];
  /** Whether kinds may be enqueued that nobody has described. @defaultValue false */
  readonly allowUnknownKinds?: boolean;
  /** UTF-8 bytes of an input, before any codec; a kind's own wins. @defaultValue 262_144 */
  readonly maxPayloadBytes?: number;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Definitions as a list, or as a record whose keys are the user's own. */
export type TaskList = readonly AnyTaskDefinition[] | Readonly<Record<string, AnyTaskDefinition>>;

/** A client of a store: everything a host can do but run. */
export interface StoreTaskClient<Tx = never>
  extends
    Omit<TaskClient, "resume">,
    Pick<EnqueueSide<Tx>, "within" | "withinSync">,
    TaskLiveSource,
    Pick<ReadSide, "bootstrap" | "findTaskByDedupeKey">,
    Pick<ControlSide, "resume" | "removeMany"> {}

const optionNames: ReadonlySet<string> = new Set<keyof TaskClientOptions>([
  "store",
  "tasks",
  "handlers",
  "codec",
  "codecs",
  "allowUnknownKinds",
  "maxPayloadBytes",
  "logger",
  "clock",
  "random",
]);

/** Makes a client; no I/O happens before its first call. @throws `OPTION_INVALID`, `KIND_INVALID`, `KIND_DUPLICATE` */
export function createTaskClient<Tx = never>(options: TaskClientOptions<Tx>): StoreTaskClient<Tx> {
  checkKeys("", options, optionNames);
  if (typeof options.store !== "object" || options.store === null) throw optionError("store", "must be given");
  const { maxPayloadBytes = defaultMaxPayloadBytes } = options;
  return createClientCore<Tx>({
    store: options.store,
    kinds: knownKinds([...taskList(options.tasks), ...(options.handlers ?? [])]),
    codec: options.codec ?? null,
    codecs: options.codecs ?? [],
    maxPayloadBytes: checkInteger("maxPayloadBytes", maxPayloadBytes, { min: 1 }),
    allowUnknownKinds: options.allowUnknownKinds ?? false,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    logger: options.logger ?? silentLogger,
    hooks: { onEnqueued() {}, onCancelled() {}, onDue() {} },
  }).client;
}

/** Both forms of a list. */
export function taskList(tasks: TaskList | undefined): readonly AnyTaskDefinition[] {
  if (tasks === undefined) return [];
  return Array.isArray(tasks) ? (tasks as readonly AnyTaskDefinition[]) : Object.values(tasks);
}

/** @throws `KIND_DUPLICATE` when two of them are of one kind */
export function checkDuplicates(kinds: readonly KnownKind[]): void {
  const seen = new Set<string>();
  for (const { kind } of kinds) {
    if (seen.has(kind)) {
      throw new TaskError("KIND_DUPLICATE", `The kind "${kind}" was given twice.`, { details: { kind } });
    }
    seen.add(kind);
  }
}

function knownKinds(kinds: readonly KnownKind[]): KindLookup {
  checkDuplicates(kinds);
  for (const kind of kinds) checkKindOptions(kind);
  const byName = new Map(kinds.map((known) => [known.kind, known]));
  return { find: (kind) => byName.get(kind) ?? null };
}
