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
} from "@millrace/models";
import type { Sql } from "../connection/session.ts";
import { flag } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { valueOfText } from "../row/value-column.ts";
import { getTask } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { isBlocking } from "./dependency-ended.ts";
import { addEdges, type Edge } from "./edges.ts";
import { findCircle } from "./find-circle.ts";
import { storeMove } from "./make-move.ts";
import { type PlacedTask, placeGroup } from "./place-group.ts";
import { actOnEnded } from "./tie-group.ts";

type SettleMove = Extract<Move, { type: "settle" }>;
type SuspendMove = SettleMove & { readonly settlement: Extract<Settlement, { type: "suspend" }> };
type ChildrenWait = Extract<SuspendWait, { reason: "children" }>;

/** Why the children of a suspension are not made. */
interface ChildrenRefusal {
  readonly code: ErrorCode;
  readonly message: string;
}

const oldestSignal: Sql = (n) => `
select place, payload from ${n.signal} where task = $1 and name = $2 and not consumed order by place limit 1`;
const consumeSignal: Sql = (n) => `update ${n.signal} set consumed = true, payload = null where place = $1`;

/** M10: children, their edges, the wait and the step down, together. The lease must have been found to hold. */
export async function suspend(tx: StoreTransaction, stored: StoredTask, move: SuspendMove): Promise<MadeMove> {
  const { wait } = move.settlement;
  if (wait.reason !== "children") return store(tx, stored, { ...move, waitMet: await whatMeets(tx, stored, wait) });
  const outcome = await tx.atomically<MadeMove | ChildrenRefusal>(async (refuse) => {
    const placed = await placeGroup(tx, wait.children, ({ code, message }: GroupRefusal) => refuse({ code, message }));
    const edges = edgesTo(placed, stored, wait);
    const counted: Edge[] = [];
    for (const edge of edges) if (await isCounted(tx, edge)) counted.push(edge);
    const openDependencies = counted.length;
    const waiting: SettleMove = { ...move, openDependencies, waitMet: openDependencies > 0 ? null : { payload: null } };
    const current = (await getTask(tx, stored.task.id)) ?? stored;
    if (applyMove(current.task, waiting, tx.now).type !== "made") {
      const message = `A child of task ${stored.task.id} would end the task that waits for it.`;
      return refuse({ code: "WRONG_STATUS", message });
    }
    const made = store(tx, current, waiting);
    await addEdges(tx, edges);
    const circle = leadsBack(placed, wait) ? await findCircle(tx, stored.task.id) : null;
    if (circle) refuse({ code: "DEPENDENCY_CYCLE", message: `Tasks wait in a circle: ${circle.join(" → ")}.` });
    await actOnEnded(tx, counted);
    return made;
  });
  if ("type" in outcome) return outcome;
  return store(tx, stored, { ...move, settlement: refusedChildrenSettlement(outcome.code, outcome.message) });
}

function edgesTo(placed: readonly PlacedTask[], { task }: StoredTask, wait: ChildrenWait): readonly Edge[] {
  return placed.map(({ taskId: dependency }, position) => {
    return { waiter: task.id, dependency, stage: task.stage, position, onFailure: wait.onFailure };
  });
}

/** Whether children can wait for their parent: by way of tasks that were there before them. */
function leadsBack(placed: readonly PlacedTask[], { children }: ChildrenWait): boolean {
  const hasOld = placed.some(({ disposition, replayed }) => disposition === "reused" || replayed === true);
  return hasOld || children.some(({ dependencies }) => dependencies.length > 0);
}

/** A child that a dedupe key stood for may have ended already: it counts only if its end is acted on. */
async function isCounted(tx: StoreTransaction, edge: Edge): Promise<boolean> {
  const child = await getTask(tx, edge.dependency);
  return child !== undefined && isBlocking(tx, edge, child);
}

/** What ends a wait before it began: the oldest kept signal of its name, or a time that is over. */
async function whatMeets(
  tx: StoreTransaction,
  { flags, task }: StoredTask,
  wait: Exclude<SuspendWait, ChildrenWait>,
): Promise<SettleMove["waitMet"]> {
  if (wait.reason === "sleep") return wait.forMs <= 0 ? { payload: null } : null;
  if (wait.reason === "manual" || (flags & flag.signals) === 0) return null;
  const [row] = await tx.query(oldestSignal, [task.id, wait.name]);
  if (!row) return null;
  tx.write(consumeSignal, [row[0]]);
  return { payload: valueOfText(row[1]) };
}

function store(tx: StoreTransaction, stored: StoredTask, move: SettleMove): MadeMove {
  const made = applyMove(stored.task, move, tx.now);
  if (made.type !== "made") throw new TaskError("INTERNAL", `Task ${stored.task.id} could not be suspended after all.`);
  storeMove(tx, stored, made);
  return made;
}
