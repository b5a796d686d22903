import { applyMove, heldAnswer, type LeaseAnswer, type LeasedReport, lostAnswer, type NewStep } from "@millrace/models";
import type { Sql } from "../connection/session.ts";
import { storeMove } from "../effects/make-move.ts";
import { flag } from "../row/task-flags.ts";
import { numberOf, type StoredTask } from "../row/task-row.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { answerEach } from "./each.ts";
import { withLease } from "./lease-answer.ts";

const knownSteps: Sql = (n) => `select n from ${n.step} where task = $1 and attempt = $2 and n = any($3::bigint[])`;

/** M3 and M5: what owners tell of running tasks. */
export function report(tx: StoreTransaction, reports: readonly LeasedReport[]): Promise<readonly LeaseAnswer[]> {
  tx.journal.begin("report");
  return answerEach(tx, reports, (told) => withLease<LeaseAnswer>(tx, told, (stored) => reportOne(tx, stored, told)));
}

async function reportOne(tx: StoreTransaction, stored: StoredTask, told: LeasedReport): Promise<LeaseAnswer> {
  const result = applyMove(
    stored.task,
    {
      type: "report",
      lease: told,
      started: told.started ?? false,
      progress: told.progress ?? null,
      steps: await newSteps(tx, stored, told.steps ?? []),
      alive: told.alive ?? false,
    },
    tx.now,
  );
  if (result.type !== "made") return lostAnswer(result);
  storeMove(tx, stored, result);
  return heldAnswer(result.task);
}

/** Without those stored before, or named twice: a flush that is sent again adds nothing. */
async function newSteps(
  tx: StoreTransaction,
  { flags, task }: StoredTask,
  steps: readonly NewStep[],
): Promise<readonly NewStep[]> {
  if (steps.length === 0) return steps;
  const seen = new Set<number>();
  if (flags & flag.rows) {
    const rows = await tx.query(knownSteps, [task.id, task.attempt, steps.map(({ n }) => n)]);
    for (const [n] of rows) seen.add(numberOf(n));
  }
  return steps.filter(({ n }) => {
    if (seen.has(n)) return false;
    seen.add(n);
    return true;
  });
}
