import {
  currentWait,
  isFinal,
  msToToken,
  type TaskCount,
  type TaskId,
  type TaskLimit,
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
    limits: limitsOf(state, task),
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

function limitsOf(state: MemoryState, task: TaskRecord): readonly TaskLimit[] {
  const { storeLimit, tasks, kinds, keys, now } = state;
  const limits: TaskLimit[] = [];
  if (storeLimit !== null) {
    limits.push({ scope: { type: "store" }, limit: storeLimit, held: tasks.held.all, rate: null, nextStartInMs: 0 });
  }
  const row = kinds.get(task.kind);
  const limit = row ? limitOf(row) : null;
  const rate = row ? rateOf(row) : null;
  if (row && (limit !== null || rate !== null)) {
    const scope = { type: "kind" as const, kind: task.kind };
    const nextStartInMs = msToToken(row.bucket, rate, now);
    limits.push({ scope, limit, held: tasks.held.ofKind(task.kind), rate, nextStartInMs });
  }
  for (const keyId of keyIdsOf(task)) {
    const key = keys.get(keyId);
    if (!key) continue;
    const scope = { type: "key" as const, tenantId: key.tenantId, key: key.key };
    const nextStartInMs = msToToken(key.bucket, key.rate, now);
    limits.push({ scope, limit: key.limit, held: tasks.held.ofKey(keyId).held, rate: key.rate, nextStartInMs });
  }
  return limits;
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
