import {
  parseTaskFilter,
  TaskError,
  toJsonText,
  type CancelAnswer,
  type CancelOptions,
  type ChangeAnswer,
  type ChangeAsk,
  type Clock,
  type Json,
  type PauseTarget,
  type Random,
  type StoredValue,
  type TaskClient,
  type TaskFilter,
  type TaskId,
  type TaskRecord,
  type TaskSnapshot,
  type TaskStore,
} from "@millrace/models";
import { checkKind } from "./kind-name.ts";
import { checkText, checkWord } from "./option-check.ts";
import { checkedId } from "./read-side.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";
import { fits, type ValueCodec } from "./value-codec.ts";

/** What `removeMany` may be told. */
export interface RemoveManyOptions {
  /** An empty filter matches everything: that must be said. @defaultValue false */
  readonly all?: boolean;
}

/** What `removeMany` did. */
export interface RemoveManyResult {
  readonly removed: number;
  /** Other tasks still need their results. */
  readonly needed: number;
}

/** The part of a client that changes tasks. */
export interface ControlSide extends Pick<TaskClient, "cancel" | "retry" | "remove" | "signal" | "pause"> {
  /** Ends a pause, or a wait for a person; that one may be given a payload. */
  resume(target: PauseTarget, options?: { readonly payload?: Json }): Promise<void>;
  /** Removes all tasks of a filter, page by page. @throws `FILTER_EMPTY` for an empty filter without `all: true` */
  removeMany(filter: TaskFilter, options?: RemoveManyOptions): Promise<RemoveManyResult>;
}

export interface ControlPorts {
  readonly store: TaskStore;
  readonly snapshots: SnapshotReader;
  readonly values: ValueCodec;
  readonly clock: Clock;
  readonly random: Random;
  readonly maxPayloadBytes: number;
  /** A cancel of a task was answered: its attempt may run right here. */
  onCancelled(answer: Exclude<CancelAnswer, { status: "not-found" }>): void;
  /** A task may have become due. */
  onDue(): void;
}

/** Makes that part. */
export function createControlSide(ports: ControlPorts): ControlSide {
  const { store, snapshots } = ports;

  const change = async (ask: ChangeAsk): Promise<ChangeAnswer> => {
    const [answer] = await store.change([ask]);
    return answer ?? { status: "refused", why: "not-found" };
  };

  return {
    async cancel(taskId, reason, options = {}) {
      const answer = await cancelled(ports, [taskId, reason ?? null], options);
      return answer === null ? null : snapshots.snapshotOf(answer.task);
    },
    retry: (taskId) => retried(ports, checkedId(taskId), change),
    remove: (taskId) => removed(store, checkedId(taskId)),
    // oxlint-disable-next-line eslint/max-params -- the client's contract names these four
    signal: (taskId, name, payload, options = {}) =>
      signalled(ports, [checkedId(taskId), name], [payload, options.signalId]),
    async pause(target, { by = null, why = null } = {}) {
      const to = targetOf(target);
      if (to.type === "kind") await store.setKind([{ type: "pause", kind: to.kind, by, why }]);
      else made(await change({ type: "pause", taskId: to.taskId, by, why }), to.taskId);
    },
    async resume(target, options = {}) {
      const to = targetOf(target);
      if (to.type === "kind") {
        await store.setKind([{ type: "resume", kind: to.kind }]);
      } else {
        const { payload } = options;
        const stored = payload === undefined ? {} : { payload: await storedSignal(ports, to.taskId, payload) };
        made(await change({ type: "resume", taskId: to.taskId, ...stored }), to.taskId);
      }
      ports.onDue();
    },
    removeMany: (filter, options = {}) => removedMany(store, filter, options),
  };
}

async function cancelled(
  ports: ControlPorts,
  [taskId, reason]: readonly [TaskId, string | null],
  { mode = "request", by }: CancelOptions,
): Promise<Exclude<CancelAnswer, { status: "not-found" }> | null> {
  checkWord("options.mode", mode, ["request", "terminate"] as const);
  const [answer] = await ports.store.cancel([{ taskId: checkedId(taskId), mode, reason, by: by ?? null }]);
  if (!answer || answer.status === "not-found") return null;
  ports.onCancelled(answer);
  return answer;
}

async function retried(
  { store, snapshots, clock, onDue }: ControlPorts,
  taskId: TaskId,
  change: (ask: ChangeAsk) => Promise<ChangeAnswer>,
): Promise<TaskSnapshot | null> {
  const [answer] = await store.retry([taskId]);
  if (!answer || answer.status === "not-found") return null;
  if (answer.status === "conflict") {
    const why = answer.why === "dedupe-key-taken" ? "a newer task has its dedupe key" : "its flow has gone on";
    throw new TaskError("RETRY_CONFLICT", `Task ${taskId} cannot be retried: ${why}.`, {
      details: { taskId, why: answer.why },
    });
  }
  const task = answer.status === "not-final" ? await broughtForward(answer.task, clock, change) : answer.task;
  onDue();
  return snapshots.snapshotOf(task);
}

/** A task that waits for its time becomes due now; one that is due, or runs, stays as it is. */
async function broughtForward(
  task: TaskRecord,
  clock: Clock,
  change: (ask: ChangeAsk) => Promise<ChangeAnswer>,
): Promise<TaskRecord> {
  if (task.status !== "queued" || task.scheduledAt <= clock.now()) return task;
  const answer = await change({ type: "reschedule", taskId: task.id, scheduledAt: null, delayMs: 0 });
  return "task" in answer ? answer.task : task;
}

async function removed(store: TaskStore, taskId: TaskId): Promise<boolean> {
  const [answer] = await store.remove([{ taskId }]);
  if (!answer || answer.status !== "needed") return answer?.status === "removed";
  throw new TaskError("REMOVE_NEEDED", `Task ${taskId} cannot be removed: task ${answer.by} still needs its result.`, {
    details: { taskId, by: answer.by },
  });
}

async function signalled(
  ports: ControlPorts,
  [taskId, name]: readonly [TaskId, string],
  [payload, signalId]: readonly [Json | undefined, string | undefined],
): Promise<"woke" | "kept" | "repeated"> {
  checkText("name", name, { maxLength: 200 });
  if (signalId !== undefined) checkText("options.signalId", signalId, { maxLength: 200 });
  const stored = payload === undefined ? null : await storedSignal(ports, taskId, payload);
  const ask = { taskId, signalId: signalId ?? ports.random.uuid(), name, payload: stored };
  const [answer] = await ports.store.signal([ask]);
  switch (answer?.status) {
    case "woke":
      ports.onDue();
      return "woke";
    case "kept":
    case "repeated":
      return answer.status;
    case "closed":
      throw new TaskError("SIGNAL_CLOSED", `Task ${taskId} has ended.`, { details: { taskId } });
    case "full":
      throw new TaskError("SIGNAL_FULL", `One hundred signals "${name}" of task ${taskId} wait unread.`, {
        details: { taskId },
      });
    case "not-found":
    case undefined:
      throw notFound(taskId);
  }
}

async function storedSignal(ports: ControlPorts, taskId: TaskId, payload: Json): Promise<StoredValue> {
  const written = toJsonText(payload, { path: "payload" });
  if ("problem" in written) {
    const { path, why } = written.problem;
    throw new TaskError("INPUT_NOT_SERIALISABLE", `The payload cannot be written as JSON: ${path} ${why}.`, {
      details: { path },
    });
  }
  if (!fits(written.text, ports.maxPayloadBytes)) {
    throw new TaskError("INPUT_TOO_LARGE", `The payload is larger than ${ports.maxPayloadBytes} bytes as JSON.`);
  }
  // The tenant binds the value of a codec; without one the text goes as it is.
  const [task] = await ports.store.get([taskId]);
  return ports.values.encode(written.text, { taskId, tenantId: task?.tenantId ?? "", field: "signal" });
}

async function removedMany(
  store: TaskStore,
  filter: TaskFilter,
  { all = false }: RemoveManyOptions,
): Promise<RemoveManyResult> {
  const checked = parseTaskFilter(filter);
  if (Object.keys(checked).length === 0 && !all) {
    throw new TaskError("FILTER_EMPTY", "removeMany was given an empty filter, which matches every task.");
  }
  let removedCount = 0;
  let needed = 0;
  let after: string | null = null;
  do {
    const page = await store.read({
      ...checked,
      limit: 200,
      orderBy: "created_asc",
      ...(after === null ? {} : { after }),
    });
    const answers = await store.remove(page.tasks.map(({ id }) => ({ taskId: id })));
    for (const { status } of answers) {
      if (status === "removed") removedCount += 1;
      if (status === "needed") needed += 1;
    }
    after = page.next;
  } while (after !== null);
  return { removed: removedCount, needed };
}

type Target = { readonly type: "kind"; readonly kind: string } | { readonly type: "task"; readonly taskId: TaskId };

function targetOf(target: PauseTarget): Target {
  if (typeof target === "string") return { type: "task", taskId: checkedId(target) };
  if ("kind" in target) return { type: "kind", kind: checkKind(target.kind) };
  return { type: "task", taskId: checkedId(target.taskId) };
}

function made(answer: ChangeAnswer, taskId: TaskId): void {
  if (answer.status === "changed") return;
  if (answer.why === "not-found") throw notFound(taskId);
  const { status } = answer.task;
  throw new TaskError("WRONG_STATUS", `Task ${taskId} is ${status}, which does not allow this.`, {
    details: { taskId, status },
  });
}

function notFound(taskId: TaskId): TaskError {
  return new TaskError("TASK_NOT_FOUND", `There is no task ${taskId}.`, { details: { taskId } });
}
