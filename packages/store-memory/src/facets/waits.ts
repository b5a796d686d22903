import {
  currentWait,
  isFinal,
  type KnownLimits,
  limitsOfTask,
  type TaskCount,
  type TaskId,
  type TaskRecord,
  type TaskWaits,
} from "@millrace/models";
import { frozen } from "../state/frozen.ts";
import type { MemoryState } from "../state/memory-state.ts";
import { compareReady, keyIdsOf } from "../state/ready-queue.ts";
import { limitOf, rateOf } from "../state/slots.ts";

const nobody: TaskCount = Object.freeze({ count: 0, exact: true });

/** Why a task does not run, as far as the store knows; null when there is none. */
export function lookAtWaits(state: MemoryState, taskId: TaskId, limit: number): TaskWaits | null {
  const task = state.tasks.get(taskId);
  if (!task) return null;
  const { now: at } = state;
  if (isFinal(task.status)) return frozen({ at, waitsFor: [], limits: [], ahead: nobody });
  return frozen({
    at,
    waitsFor: waitsFor(state, task).slice(0, limit),
    limits: limitsOfTask(task, knownLimits(state, task), at),
    ahead: ahead(state, task, limit),
  });
}

function waitsFor(state: MemoryState, task: TaskRecord): readonly TaskId[] {
  const stage = currentWait(task);
  const edges = stage === null ? [] : state.edges.ofStage(task.id, stage);
  return [...new Set(edges.map(({ dependency }) => dependency))].filter((id) => {
    const found = state.tasks.get(id);
    return found !== undefined && !isFinal(found.status);
  });
}

function knownLimits({ storeLimit, tasks, kinds, keys }: MemoryState, task: TaskRecord): KnownLimits {
  const row = kinds.get(task.kind);
  return {
    store: storeLimit === null ? null : { limit: storeLimit, held: tasks.held.all },
    kind: row
      ? { limit: limitOf(row), rate: rateOf(row), bucket: row.bucket, held: tasks.held.ofKind(task.kind) }
      : null,
    keys: keyIdsOf(task).flatMap((keyId) => {
      const key = keys.get(keyId);
      return key ? [{ ...key, held: tasks.held.ofKey(keyId).held }] : [];
    }),
  };
}

function ahead(state: MemoryState, task: TaskRecord, limit: number): TaskCount {
  if (task.status !== "queued" || task.scheduledAt > state.now) return nobody;
  let count = 0;
  for (const { entries } of state.tasks.queueOf(task.kind).due(state.now)) {
    for (const entry of entries) {
      if (compareReady(entry, task) >= 0) break;
      if (count === limit) return { count, exact: false };
      count += 1;
    }
  }
  return { count, exact: true };
}
