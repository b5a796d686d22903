import type { Lease, LeaseAnswer, TaskStore } from "@millrace/models";
import type { LedgerLine, Write } from "./ledger.ts";

/** A store whose answers to writes under a lease are written down. */
export function observedStore<Tx>(store: TaskStore<Tx>, write: Write): TaskStore<Tx> {
  const noted = async <Ask extends Lease>(
    asks: readonly Ask[],
    answers: Promise<readonly LeaseAnswer[]>,
  ): Promise<readonly LeaseAnswer[]> => {
    const given = await answers;
    if (asks.length > 0) write(...asks.map((ask, i) => lineOf(ask, given[i])));
    return given;
  };
  return {
    ...store,
    extend: (leases, leaseMs) => noted(leases, store.extend(leases, leaseMs)),
    report: (reports) => noted(reports, store.report(reports)),
    settle: (settlements) => noted(settlements, store.settle(settlements)),
  };
}

function lineOf({ taskId, attempt, leaseToken }: Lease, answer: LeaseAnswer | undefined): LedgerLine {
  const isHeld = answer !== undefined && answer.status !== "lost";
  return {
    type: "write",
    taskId,
    attempt,
    leaseToken,
    answer: isHeld ? "held" : "lost",
    version: isHeld ? answer.version : null,
    replayed: isHeld && answer.replayed === true,
  };
}
