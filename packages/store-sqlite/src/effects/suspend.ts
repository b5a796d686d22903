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
import { valueOfColumn } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { flag } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { getBySeq } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { isBlocking } from "./dependency-ended.ts";
import { addEdges, type Edge } from "./edges.ts";
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

const oldestSignal: Sql = (n) => `
select place, payload from ${n.signal} indexed by ${n.signal}_kept
where task = ? and name = ? and consumed = 0 order by place limit 1`;
const consumeSignal: Sql = (n) => `update ${n.signal} set consumed = 1, payload = null where place = ?`;

/** M10: children, their edges, the wait and the step down, together. The lease must have been found to hold. */
export function suspend(tx: StoreTransaction, stored: StoredTask, move: SuspendMove): MadeMove {
  const { wait } = move.settlement;
  if (wait.reason !== "children") return store(tx, stored, { ...move, waitMet: whatMeets(tx, stored, wait) });
  const outcome = tx.atomically<MadeMove | ChildrenRefusal>((refuse) => {
    const edges = placeChildren(tx, stored, { wait, refuse });
    const counted = edges.filter((edge) => isCounted(tx, edge));
    const openDependencies = counted.length;
    const waiting: SettleMove = { ...move, openDependencies, waitMet: openDependencies > 0 ? null : { payload: null } };
    const current = getBySeq(tx, stored.seq) ?? stored;
    if (applyMove(current.task, waiting, tx.now).type !== "made") {
      const message = `A child of task ${stored.task.id} would end the task that waits for it.`;
      return refuse({ code: "WRONG_STATUS", message });
    }
    const made = store(tx, current, waiting);
    addEdges(tx, edges);
    const circle = findCircle(tx, stored.seq);
    if (circle) refuse({ code: "DEPENDENCY_CYCLE", message: `Tasks wait in a circle: ${circle.join(" → ")}.` });
    actOnEnded(tx, counted);
    return made;
  });
  if ("type" in outcome) return outcome;
  return store(tx, stored, { ...move, settlement: refusedChildrenSettlement(outcome.code, outcome.message) });
}

function placeChildren(
  tx: StoreTransaction,
  { seq, task }: StoredTask,
  { wait, refuse }: { readonly wait: ChildrenWait; readonly refuse: (refusal: ChildrenRefusal) => never },
): readonly Edge[] {
  const placed = placeGroup(tx, wait.children, ({ code, message }: GroupRefusal) => refuse({ code, message }));
  return placed.map((child, position) => {
    return { waiter: seq, dependency: child.seq, stage: task.stage, position, onFailure: wait.onFailure };
  });
}

/** A child that a dedupe key stood for may have ended already: it counts only if its end is acted on. */
function isCounted(tx: StoreTransaction, edge: Edge): boolean {
  const child = getBySeq(tx, edge.dependency);
  return child !== undefined && isBlocking(tx, edge, child);
}

/** What ends a wait before it began: the oldest kept signal of its name, or a time that is over. */
function whatMeets(
  tx: StoreTransaction,
  { seq, flags }: StoredTask,
  wait: Exclude<SuspendWait, ChildrenWait>,
): SettleMove["waitMet"] {
  if (wait.reason === "sleep") return wait.forMs <= 0 ? { payload: null } : null;
  if (wait.reason === "manual" || (flags & flag.signals) === 0) return null;
  const row = tx.use(oldestSignal).get(seq, wait.name);
  if (!row) return null;
  tx.use(consumeSignal).run(row[0] ?? null);
  return { payload: valueOfColumn(row[1]) };
}

function store(tx: StoreTransaction, stored: StoredTask, move: SettleMove): MadeMove {
  const made = applyMove(stored.task, move, tx.now);
  if (made.type === "made" && storeMove(tx, stored, made)) return made;
  throw new TaskError("INTERNAL", `Task ${stored.task.id} could not be suspended after all.`);
}
