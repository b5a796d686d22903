import { applyMove, heldAnswer, type LeaseAnswer, type LeasedReport, lostAnswer, type NewStep } from "@millrace/models";
import type { Sql } from "../connection/connection.ts";
import { drainEnded } from "../effects/drain-ended.ts";
import { storeMove } from "../effects/make-move.ts";
import { flag } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { withLease } from "./lease-answer.ts";

const knownStep: Sql = (n) => `select 1 from ${n.step} where task = ? and attempt = ? and n = ?`;

/** M3 and M5: what owners tell of running tasks. */
export function report(tx: StoreTransaction, reports: readonly LeasedReport[]): readonly LeaseAnswer[] {
  tx.journal.begin("report");
  const answers = reports.map((told) => withLease<LeaseAnswer>(tx, told, (stored) => reportOne(tx, stored, told)));
  drainEnded(tx);
  return answers;
}

function reportOne(tx: StoreTransaction, stored: StoredTask, told: LeasedReport): LeaseAnswer | null {
  const result = applyMove(
    stored.task,
    {
      type: "report",
      lease: told,
      started: told.started ?? false,
      progress: told.progress ?? null,
      steps: newSteps(tx, stored, told.steps ?? []),
      alive: told.alive ?? false,
    },
    tx.now,
  );
  if (result.type !== "made") return lostAnswer(result);
  return storeMove(tx, stored, result) && heldAnswer(result.task);
}

/** Without those stored before, or named twice: a flush that is sent again adds nothing. */
function newSteps(tx: StoreTransaction, stored: StoredTask, steps: readonly NewStep[]): readonly NewStep[] {
  if (steps.length === 0) return steps;
  const { seq, flags, task } = stored;
  const seen = new Set<number>();
  return steps.filter(({ n }) => {
    if (seen.has(n)) return false;
    seen.add(n);
    return (flags & flag.rows) === 0 || !tx.use(knownStep).get(seq, task.attempt, n);
  });
}
