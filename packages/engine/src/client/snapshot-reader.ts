import {
  createTaskSnapshot,
  readPlainValues,
  toTaskFailure,
  type AttemptRecord,
  type Clock,
  type CodecContext,
  type DecodedValues,
  type Json,
  type StoredValue,
  type TaskAttempt,
  type TaskFailure,
  type TaskRecord,
  type TaskSnapshot,
  type TaskStep,
  type Unreadable,
} from "@millrace/models";
import { andThen, isPromise, type MaybeAsync } from "./maybe-async.ts";
import type { ValueCodec } from "./value-codec.ts";

/** Makes snapshots of records: what people see, decoded as far as the codecs here can. */
export interface SnapshotReader {
  /** The values of a task; one that cannot be read says so instead of failing the rest. */
  valuesOf(task: TaskRecord): MaybeAsync<DecodedValues>;
  snapshotOf(task: TaskRecord, steps?: readonly TaskStep[]): MaybeAsync<TaskSnapshot>;
  /** An ended attempt of a task of that tenant. */
  attemptOf(attempt: AttemptRecord, tenantId: string): Promise<TaskAttempt>;
  /** A snapshot that is made when somebody looks, as of now: many callers never do. Values that need a codec are read at once. */
  laterSnapshotOf(task: TaskRecord): MaybeAsync<() => TaskSnapshot>;
}

/** Makes a reader. */
export function createSnapshotReader(values: ValueCodec, clock: Clock): SnapshotReader {
  const valuesOf = (task: TaskRecord): MaybeAsync<DecodedValues> => {
    if (!hasEncoded(task)) return readPlainValues(task);
    const about = { taskId: task.id, tenantId: task.tenantId };
    const read = (field: CodecContext["field"], value: StoredValue | null) =>
      readValue(values, value, { ...about, field });
    return andThen(read("input", task.input), (input) =>
      andThen(read("output", task.output), (output) =>
        andThen(read("failure", task.failure), (failure) =>
          andThen(read("state", task.state), (handlerState) => ({
            ...(input === undefined ? {} : { input }),
            ...(output === undefined ? {} : { output }),
            failure: failureOf(failure),
            ...(handlerState === undefined ? {} : { handlerState }),
          })),
        ),
      ),
    );
  };
  return {
    laterSnapshotOf(task) {
      const now = clock.now();
      if (hasEncoded(task))
        return andThen(valuesOf(task), (read) => lazily(() => createTaskSnapshot(task, read, { now })));
      return lazily(() => createTaskSnapshot(task, readPlainValues(task), { now }));
    },
    valuesOf,
    async attemptOf({ leaseToken: _hidden, ...attempt }, tenantId) {
      const about = { taskId: attempt.taskId, tenantId, field: "failure" } as const;
      return { ...attempt, failure: failureOf(await readValue(values, attempt.failure, about)) };
    },
    snapshotOf: (task, steps) =>
      andThen(valuesOf(task), (decoded) =>
        createTaskSnapshot(task, decoded, { now: clock.now(), ...(steps === undefined ? {} : { steps }) }),
      ),
  };
}

function lazily(make: () => TaskSnapshot): () => TaskSnapshot {
  let made: TaskSnapshot | null = null;
  return () => (made ??= make());
}

function hasEncoded(task: TaskRecord): boolean {
  const encoded = (value: StoredValue | null): boolean => value !== null && typeof value !== "string";
  return encoded(task.input) || encoded(task.output) || encoded(task.failure) || encoded(task.state);
}

/** A value, or the note that it cannot be read here. */
export function readValue(
  values: ValueCodec,
  value: StoredValue | null,
  about: CodecContext,
): MaybeAsync<Json | Unreadable | undefined> {
  const unreadable: Unreadable = {
    unreadable: true,
    codecId: value === null || typeof value === "string" ? null : value.codecId,
  };
  try {
    const read = values.decode(value, about);
    return isPromise(read) ? read.catch(() => unreadable) : read;
  } catch {
    return unreadable;
  }
}

/** A decoded failure as one; null when there is none. */
export function failureOf(value: Json | Unreadable | undefined): TaskFailure | null {
  if (value === undefined) return null;
  if (typeof value === "object" && value !== null && "unreadable" in value && value.unreadable === true) {
    return { name: "Unreadable", message: "The failure was written with a codec that is not given here." };
  }
  return toTaskFailure(value);
}
