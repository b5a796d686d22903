import type { LeaseAnswer, Logger, Settlement, TaskOutcome } from "@millrace/models";
import { isPromise } from "../client/maybe-async.ts";
import { settlementFor, type PlannedEnd } from "../decide/settlement-for.ts";
import type { HostTeller } from "../host/host-teller.ts";
import { timeoutOf } from "./prepare-run.ts";
import type { ReportQueue } from "./report-queue.ts";
import type { HeldTask, RunningTasks } from "./running-tasks.ts";
import type { SettleQueue } from "./settle-queue.ts";
import { settlementOf, type ReadySettlement, type SettlementPorts } from "./settlement-of.ts";

export interface EndAttemptPorts extends SettlementPorts {
  readonly tasks: RunningTasks;
  readonly reports: ReportQueue;
  readonly settlements: SettleQueue;
  readonly teller: HostTeller;
  readonly logger: Logger;
  /** The task waits, and ends its wait by itself after so long. */
  readonly onWait: (endsInMs: number) => void;
  /** A place in the store may have become free, or a task due. */
  readonly onSettled: () => void;
}

/** Brings the outcome of an attempt to the store. */
export function endAttempt(task: HeldTask, outcome: TaskOutcome, ports: EndAttemptPorts): void {
  const attempt = { abortedFor: task.abortedFor, timeoutMs: timeoutOf(task, ports.defaults) };
  const hasRun = task.started !== "no" || (outcome.type !== "aborted" && outcome.type !== "crashed");
  drainAndSettle({ task, end: settlementFor(outcome, attempt), hasRun }, ports);
}

/** Settles an attempt whose handler never started. */
export function endUnstarted(task: HeldTask, end: PlannedEnd, ports: EndAttemptPorts): void {
  drainAndSettle({ task, end, hasRun: task.started !== "no" }, ports);
}

interface EndedRun {
  readonly task: HeldTask;
  readonly end: PlannedEnd;
  readonly hasRun: boolean;
}

// Waits only for what must be waited for: most attempts have nothing left to say, and an output that needs no waiting.
function drainAndSettle(ended: EndedRun, ports: EndAttemptPorts): void {
  ended.task.phase = "settling";
  const draining = ports.reports.drain(ended.task);
  if (isPromise(draining)) void draining.then(() => settleRun(ended, ports));
  else settleRun(ended, ports);
}

function settleRun(ended: EndedRun, ports: EndAttemptPorts): void {
  const { task, end } = ended;
  // What the store has given to somebody else is not ours to settle; one whose transaction was to end it must be asked for.
  if (task.lost && end.type !== "stored") {
    ports.tasks.remove(task);
    ports.onSettled();
    return;
  }
  const settling = settlementOf(task, end, ports);
  if (isPromise(settling)) void settling.then((ready) => sendSettlement(ended, ready, ports));
  else sendSettlement(ended, settling, ports);
}

function sendSettlement({ task, hasRun }: EndedRun, ready: ReadySettlement, ports: EndAttemptPorts): void {
  const { taskId, attempt, leaseToken } = task.lease;
  const started = hasRun && task.started !== "stored";
  const settlement = { taskId, attempt, leaseToken, started, settlement: ready.settlement };
  ports.settlements.add(settlement, (answer) => {
    ports.tasks.remove(task);
    takeAnswer(task, { ready, started, answer }, ports);
    ports.onSettled();
  });
}

function takeAnswer(
  task: HeldTask,
  sent: { readonly ready: ReadySettlement; readonly started: boolean; readonly answer: LeaseAnswer | null },
  ports: EndAttemptPorts,
): void {
  const { ready, started, answer } = sent;
  if (answer === null) {
    ports.logger.warn("A settlement was given up while the host stopped; the lease will expire.", logFields(task));
  } else if (answer.status === "lost") {
    if (!task.lost) ports.teller.leaseLost(task);
    task.lost = true;
    ports.logger.warn("The outcome of an attempt came too late: its lease was lost.", {
      ...logFields(task),
      why: answer.why,
    });
  } else {
    ports.teller.settled(task, { ready, started, answer });
    const endsInMs = answer.next === "suspended" ? waitEndsInMs(ready.settlement) : null;
    if (endsInMs !== null) ports.onWait(endsInMs);
  }
}

function waitEndsInMs(settlement: Settlement): number | null {
  if (settlement.type !== "suspend") return null;
  return settlement.wait.reason === "sleep" ? settlement.wait.forMs : settlement.wait.timeoutMs;
}

function logFields(task: HeldTask): Readonly<Record<string, unknown>> {
  return { taskId: task.lease.taskId, kind: task.served.kind, attempt: task.lease.attempt };
}
