import {
  applyMove,
  type Clock,
  type Json,
  type LeaseAnswer,
  type LeasedReport,
  type Move,
  type MoveEvent,
  type Settlement,
  type TaskRecord,
  type TaskReason,
  type TaskStatus,
} from "@millrace/models";
import type { EndedTask, LocalResults } from "../client/await-result.ts";
import type { HeldTask } from "../runner/running-tasks.ts";
import type { ReadySettlement } from "../runner/settlement-of.ts";
import type { HostEvents } from "./host-events.ts";

/** What the store answered to a settlement, with what was sent. */
export interface AnsweredSettlement {
  readonly ready: ReadySettlement;
  readonly started: boolean;
  readonly answer: Extract<LeaseAnswer, { version: number }>;
}

/** Turns the store's answers into events of this host. */
export interface HostTeller {
  claimed(task: HeldTask): void;
  reported(task: HeldTask, sent: LeasedReport, answer: Extract<LeaseAnswer, { version: number }>): void;
  settled(task: HeldTask, settled: AnsweredSettlement): void;
  leaseLost(task: HeldTask): void;
  stale(task: TaskRecord): void;
  /** What a sweep of this host has changed. */
  swept(tasks: readonly TaskRecord[]): void;
}

/**
 * Makes the teller. A host does not read back what it wrote: the state machine says what each confirmed write made of the task, and
 * the answer's version sets the count right when others wrote between.
 */
export function createHostTeller(ports: {
  readonly hostId: string;
  readonly clock: Clock;
  readonly events: HostEvents;
  readonly results: Pick<LocalResults, "isAwaited" | "tell">;
}): HostTeller {
  const { hostId, clock, events, results } = ports;

  const made = (
    record: TaskRecord,
    move: Move,
    version: number,
  ): { task: TaskRecord; events: readonly MoveEvent[] } | null => {
    const result = applyMove(record, move, clock.now());
    if (result.type !== "made") return null;
    const shift = version - result.task.version;
    return {
      task: { ...result.task, version },
      events: result.events.map((event) => ({ ...event, version: event.version + shift })),
    };
  };

  return {
    claimed(held) {
      if (!events.isHeard) return;
      const { task } = held.claimed;
      const told = [eventOf(task, "claimed", task.version - (task.started ? 1 : 0))];
      if (task.started) told.push(eventOf(task, "started", task.version));
      events.task(task, told);
    },
    reported(held, sent, answer) {
      if (!events.isHeard) return;
      const { progress = null, steps = [], alive = false } = sent;
      const after = made(
        held.record,
        { type: "report", lease: held.lease, started: sent.started === true, progress, steps, alive },
        answer.version,
      );
      if (!after) return;
      held.record = after.task;
      tellReport(events, { task: after.task, told: after.events, sent });
    },
    settled(held, { ready, started, answer }) {
      const { settlement } = ready;
      const next = answer.next ?? statusAfter(settlement);
      const { taskId } = held.lease;
      if (results.isAwaited(taskId)) results.tell(taskId, endedTask(ready, next));
      if (!events.isHeard) return;
      const record = {
        ...held.record,
        cancelRequestedAt: next === "cancelled" ? clock.now() : held.record.cancelRequestedAt,
      };
      const said = answer.replayed === true && next === "succeeded" ? succeededBefore : settlement;
      const after = made(record, settleMove(held, said, { started, next }), answer.version);
      if (!after) return;
      const scheduled = answer.scheduledAt === undefined ? {} : { scheduledAt: answer.scheduledAt };
      held.record = { ...after.task, ...scheduled };
      events.task(held.record, after.events);
    },
    leaseLost(held) {
      if (!events.isHeard) return;
      const event = { ...eventOf(held.record, "lease_lost", held.record.version), hostId };
      events.task(held.record, [{ ...event, statusAfter: null }]);
    },
    stale: (task) => events.task(task, [eventOf(task, "stale", task.version)]),
    swept(tasks) {
      const requeued = tasks.filter(
        (task) => task.status === "queued" && task.suspect && task.lastEndedBy === "expire",
      );
      if (requeued.length > 0) events.staleRequeued(requeued.length);
      if (!events.isHeard) return;
      for (const task of tasks) {
        const type = sweptAs(task);
        if (type) events.task(task, [eventOf(task, type, task.version)]);
      }
    },
  };
}

function endedTask({ settlement, output, failure }: ReadySettlement, status: TaskStatus): EndedTask {
  return {
    status,
    reason: reasonOf(settlement, status),
    output: status === "succeeded" && output !== null ? (JSON.parse(output) as Json) : undefined,
    failure: status === "succeeded" ? null : failure,
  };
}

/** The outcome stood in a transaction of the handler: its output is not known here. */
const succeededBefore: Settlement = { type: "succeed", output: null };

function settleMove(
  held: HeldTask,
  settlement: Settlement,
  { started, next }: { readonly started: boolean; readonly next: TaskStatus },
): Move {
  const waitMet = settlement.type === "suspend" && next === "queued" ? { payload: null } : null;
  const children =
    settlement.type === "suspend" && settlement.wait.reason === "children" ? settlement.wait.children : [];
  return { type: "settle", lease: held.lease, started, settlement, waitMet, openDependencies: children.length };
}

function reasonOf(settlement: Settlement, next: TaskStatus): TaskReason | null {
  if (next === "cancelled") return "TASK_CANCELLED";
  return settlement.type === "fail" ? settlement.reason : null;
}

function statusAfter(settlement: Settlement): TaskStatus {
  switch (settlement.type) {
    case "succeed":
      return "succeeded";
    case "cancelled":
      return "cancelled";
    case "suspend":
      return "suspended";
    case "fail":
      return settlement.permanent ? "failed" : "queued";
    case "snooze":
    case "release":
      return "queued";
  }
}

/** Each step's event carries its step; the others go as they are. */
function tellReport(
  events: HostEvents,
  report: { readonly task: TaskRecord; readonly told: readonly MoveEvent[]; readonly sent: LeasedReport },
): void {
  const { task, told, sent } = report;
  for (const event of told) {
    const step = event.type === "step" ? sent.steps?.find(({ n }) => event.data === `${task.attempt}.${n}`) : undefined;
    const details = step
      ? { step: { id: `${task.attempt}.${step.n}`, taskId: task.id, attempt: task.attempt, ...step, at: event.at } }
      : {};
    events.task(task, [event], details);
  }
}

/** What a sweep did to a task, read from where it stands now. */
function sweptAs(task: TaskRecord): MoveEvent["type"] | null {
  switch (task.status) {
    case "queued":
      if (task.suspect && task.lastEndedBy === "expire") return "lease_lost";
      return task.wakeReason === null ? null : "resumed";
    case "failed":
      return task.reason === "TASK_QUARANTINED" ? "quarantined" : "failed";
    case "cancelled":
      return task.reason === "TASK_EXPIRED" ? "expired" : "cancelled";
    default:
      return null;
  }
}

function eventOf(task: TaskRecord, type: MoveEvent["type"], version: number): MoveEvent {
  return {
    type,
    version,
    attempt: task.attempt,
    at: task.updatedAt,
    statusBefore: null,
    statusAfter: task.status,
    reason: task.reason,
    hostId: task.hostId,
    data: type === "resumed" ? task.wakeReason : null,
  };
}
