import type { ClaimAnswer, ClaimedTask, ClaimRequest, DependencyResult, TaskRecord } from "@millrace/models";
import { inTransaction } from "../effects/in-transaction.ts";
import { makeMove } from "../effects/make-move.ts";
import { ClaimOrder, type ClaimHead } from "../state/claim-order.ts";
import type { MemoryState } from "../state/memory-state.ts";
import { freeOfKind, freeOfStore, isOpenForClaims, keysAreFree, takeTokens } from "../state/slots.ts";

/** A claim on its way. */
interface Claiming {
  readonly state: MemoryState;
  readonly request: ClaimRequest;
  readonly slots: Map<string, number>;
  readonly tasks: ClaimedTask[];
  suspectsWaiting: boolean;
}

/** M2: the first claimable tasks in order, over all kinds asked for. */
export function claim(state: MemoryState, request: ClaimRequest): ClaimAnswer {
  const slots = new Map(request.kinds.map(({ kind, slots: count }) => [kind, count]));
  const claiming: Claiming = { state, request, slots, tasks: [], suspectsWaiting: false };
  const kinds = [...slots.keys()].filter((kind) => isOpenForClaims(state, kind));
  inTransaction(state, () => take(claiming, new ClaimOrder(state, kinds)));
  const dueTimes = kinds.flatMap((kind) => state.tasks.queueOf(kind).nextDueAt() ?? []);
  return {
    tasks: claiming.tasks,
    more: false,
    suspectsWaiting: claiming.suspectsWaiting,
    nextDueInMs: dueTimes.length > 0 ? Math.min(...dueTimes) - state.now : null,
  };
}

function take(claiming: Claiming, order: ClaimOrder): void {
  const { state, request, tasks } = claiming;
  for (let head = order.next(); head && tasks.length < request.limit; head = order.next()) {
    if (freeOfStore(state) <= 0) return;
    // What blocks one task of a group blocks the whole group: it is not offered again in this claim.
    if (!kindIsFree(claiming, head.kind) || !keysAreFree(state, head.group.keyIds)) continue;
    const task = state.tasks.get(head.entry.id);
    if (!task) continue;
    if (task.suspect && !maySuspect(claiming)) {
      claiming.suspectsWaiting = true;
      order.goOn(head, "passed");
      continue;
    }
    const claimed = claimOne(claiming, task, head);
    order.goOn(head, claimed ? "taken" : "passed");
    if (claimed && task.suspect && request.suspects === "alone") return;
  }
}

function maySuspect({ request, tasks }: Claiming): boolean {
  return request.suspects === "include" || (request.suspects === "alone" && tasks.length === 0);
}

function kindIsFree({ state, slots }: Claiming, kind: string): boolean {
  return (slots.get(kind) ?? 0) > 0 && freeOfKind(state, kind) > 0;
}

/** Refused only when it has expired: that is left to the sweep. */
function claimOne({ state, request, slots, tasks }: Claiming, task: TaskRecord, head: ClaimHead): boolean {
  const { hostId, leaseMs } = request;
  const made = makeMove(state, task, { type: "claim", hostId, leaseMs, leaseToken: state.random.uuid() });
  if (made.type !== "made") return false;
  takeTokens(state, task.kind, head.group.keyIds);
  slots.set(task.kind, (slots.get(task.kind) ?? 0) - 1);
  tasks.push(Object.freeze({ task: made.task, results: resultsOf(state, made.task) }));
  return true;
}

/** What a task waited for before this stage, by position. */
function resultsOf(state: MemoryState, task: TaskRecord): readonly DependencyResult[] {
  return state.edges.ofStage(task.id, task.stage - 1).flatMap(({ dependency }) => {
    const found = state.tasks.get(dependency);
    if (!found) return [];
    const { id, kind, status, reason, output, failure } = found;
    return [Object.freeze({ taskId: id, kind, status, reason, output, failure })];
  });
}
