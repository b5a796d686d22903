import type { Logger, Settlement, TaskOutcome } from "@millrace/models";
import { isPromise } from "../client/maybe-async.ts";
import { settlementFor, type PlannedEnd } from "../decide/settlement-for.ts";
import type { HostTeller } from "../host/host-teller.ts";
import { timeoutOf } from "./prepare-run.ts";
import type { ReportQueue } from "./report-queue.ts";
import type { HeldTask, RunningTasks } from "./running-tasks.ts";
import type { SettleQueue } from "./settle-queue.ts";
import { settlementOf, type SettlementPorts } from "./settlement-of.ts";

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

/** Brings the outcome of an attempt to the store. Never rejects. */
export async function endAttempt(task: HeldTask, outcome: TaskOutcome, ports: EndAttemptPorts): Promise<void> {
  const attempt = { abortedFor: task.abortedFor, timeoutMs: timeoutOf(task, ports.defaults) };
  const hasRun = task.started !== "no" || (outcome.type !== "aborted" && outcome.type !== "crashed");
  await settleAttempt(task, settlementFor(outcome, attempt), { ports, hasRun });
}

/** Settles an attempt whose handler never started. Never rejects. */
export async function endUnstarted(task: HeldTask, end: PlannedEnd, ports: EndAttemptPorts): Promise<void> {
  await settleAttempt(task, end, { ports, hasRun: task.started !== "no" });
}

async function settleAttempt(
  task: HeldTask,
  end: PlannedEnd,
  { ports, hasRun }: { readonly ports: EndAttemptPorts; readonly hasRun: boolean },
): Promise<void> {
  const { tasks, reports, settlements, teller } = ports;
  task.phase = "settling";
  const draining = reports.drain(task);
  if (isPromise(draining)) await draining;
  // What the store has given to somebody else is not ours to settle; one whose transaction was to end it must be asked for.
  if (task.lost && end.type !== "stored") {
    tasks.remove(task);
    ports.onSettled();
    return;
  }
  const settling = settlementOf(task, end, ports);
  const ready = isPromise(settling) ? await settling : settling;
  const started = hasRun && task.started !== "stored";
  const answer = await settlements.add({ ...task.lease, started, settlement: ready.settlement });
  tasks.remove(task);
  if (answer === null) {
    ports.logger.warn("A settlement was given up while the host stopped; the lease will expire.", logFields(task));
  } else if (answer.status === "lost") {
    if (!task.lost) teller.leaseLost(task);
    task.lost = true;
    ports.logger.warn("The outcome of an attempt came too late: its lease was lost.", {
      ...logFields(task),
      why: answer.why,
    });
  } else {
    teller.settled(task, { ...ready, started, answer });
    const endsInMs = answer.next === "suspended" ? waitEndsInMs(ready.settlement) : null;
    if (endsInMs !== null) ports.onWait(endsInMs);
  }
  ports.onSettled();
}

function waitEndsInMs(settlement: Settlement): number | null {
  if (settlement.type !== "suspend") return null;
  return settlement.wait.reason === "sleep" ? settlement.wait.forMs : settlement.wait.timeoutMs;
}

function logFields(task: HeldTask): Readonly<Record<string, unknown>> {
  return { taskId: task.lease.taskId, kind: task.served.kind, attempt: task.lease.attempt };
}
