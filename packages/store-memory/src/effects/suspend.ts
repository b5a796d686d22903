import {
  applyMove,
  type ErrorCode,
  type GroupRefusal,
  type MadeMove,
  type Move,
  refusedChildrenSettlement,
  type Settlement,
  type SuspendWait,
  TaskError,
  type TaskRecord,
} from "@millrace/models";
import type { Edge } from "../state/edge-table.ts";
import type { MemoryState } from "../state/memory-state.ts";
import { isBlocking } from "./dependency-ended.ts";
import { findCircle } from "./find-circle.ts";
import { storeMove } from "./make-move.ts";
import { actOnEnded, placeGroup } from "./place-group.ts";

type SettleMove = Extract<Move, { type: "settle" }>;
type SuspendMove = SettleMove & { readonly settlement: Extract<Settlement, { type: "suspend" }> };
type ChildrenWait = Extract<SuspendWait, { reason: "children" }>;

/** Why the children of a suspension are not made. */
interface ChildrenRefusal {
  readonly code: ErrorCode;
  readonly message: string;
}

/** M10: children, their edges, the wait and the step down, together. The lease must have been found to hold. */
export function suspend(state: MemoryState, task: TaskRecord, move: SuspendMove): MadeMove {
  const { wait } = move.settlement;
  if (wait.reason !== "children") return store(state, task, { ...move, waitMet: whatMeets(state, task, wait) });
  const outcome = state.undo.atomically<MadeMove | ChildrenRefusal>((refuse) => {
    const edges = placeChildren(state, task, { wait, refuse });
    const counted = edges.filter((edge) => isCounted(state, edge));
    const openDependencies = counted.length;
    const waiting: SettleMove = { ...move, openDependencies, waitMet: openDependencies > 0 ? null : { payload: null } };
    const current = state.tasks.get(task.id) ?? task;
    if (applyMove(current, waiting, state.now).type !== "made") {
      return refuse({
        code: "WRONG_STATUS",
        message: `A child of task ${task.id} would end the task that waits for it.`,
      });
    }
    const made = store(state, current, waiting);
    state.edges.add(task.id, edges);
    const circle = findCircle(state, task.id);
    if (circle) refuse({ code: "DEPENDENCY_CYCLE", message: `Tasks wait in a circle: ${circle.join(" → ")}.` });
    actOnEnded(state, counted);
    return made;
  });
  if ("type" in outcome) return outcome;
  return store(state, task, { ...move, settlement: refusedChildrenSettlement(outcome.code, outcome.message) });
}

function placeChildren(
  state: MemoryState,
  task: TaskRecord,
  { wait, refuse }: { readonly wait: ChildrenWait; readonly refuse: (refusal: ChildrenRefusal) => never },
): readonly Edge[] {
  const placed = placeGroup(state, wait.children, ({ code, message }: GroupRefusal) => refuse({ code, message }));
  return placed.map(({ taskId }, position) => {
    return { waiter: task.id, dependency: taskId, stage: task.stage, position, onFailure: wait.onFailure };
  });
}

/** A child that a dedupe key stood for may have ended already: it counts only if its end is acted on. */
function isCounted(state: MemoryState, edge: Edge): boolean {
  const child = state.tasks.get(edge.dependency);
  return child !== undefined && isBlocking(state, edge, child);
}

/** What ends a wait before it began: the oldest kept signal of its name, or a time that is over. */
function whatMeets(
  state: MemoryState,
  task: TaskRecord,
  wait: Exclude<SuspendWait, ChildrenWait>,
): SettleMove["waitMet"] {
  if (wait.reason === "sleep") return wait.forMs <= 0 ? { payload: null } : null;
  const box = state.signals.get(task.id);
  if (wait.reason === "manual" || box === undefined) return null;
  const at = box.kept.findIndex(({ name }) => name === wait.name);
  const signal = box.kept[at];
  if (signal === undefined) return null;
  state.signals.set(task.id, { ...box, kept: box.kept.toSpliced(at, 1) });
  return { payload: signal.payload };
}

function store(state: MemoryState, task: TaskRecord, move: SettleMove): MadeMove {
  const made = applyMove(task, move, state.now);
  if (made.type !== "made") throw new TaskError("INTERNAL", `Task ${task.id} could not be suspended after all.`);
  storeMove(state, task, made);
  return made;
}
