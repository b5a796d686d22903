import { isFinal, isTaskEvent, type TaskEvent, type TaskId, type TaskRecord } from "@millrace/models";
import type { FlowOfHistory, History, Holding, ObservedWrite, Violation } from "./history.ts";
import type { TaskHistory } from "./task-history.ts";

type Add = (invariant: string, taskId: TaskId | null, message: string) => void;

/** I1, I3, I7, I8, I9, I10, I12 and I15: what those who used the store saw, held against what it says. */
export function checkObserved(history: History, tasks: readonly TaskHistory[], violations: Violation[]): void {
  const add: Add = (invariant, taskId, message) => void violations.push({ invariant, taskId, message });
  const byId = new Map(tasks.map((task) => [task.taskId, task]));
  checkAcknowledged(history, byId, add);
  for (const write of history.writes ?? []) checkWrite(write, byId.get(write.taskId), add);
  checkDedupe(history.records, add);
  checkLimits(history, add);
  for (const flow of history.flows ?? []) checkFlow(flow, byId, add);
  checkViews(history, add);
  checkOnce(history, byId, add);
  const { waiting } = history;
  for (const task of waiting?.since ?? []) {
    const forMs = (waiting?.at ?? 0) - task.at;
    if (forMs > (waiting?.longestMs ?? 0)) add("I15", task.taskId, `claimable for ${forMs} ms beside an idle host`);
  }
}

function checkAcknowledged(history: History, byId: ReadonlyMap<TaskId, TaskHistory>, add: Add): void {
  for (const taskId of history.acknowledged ?? []) {
    const task = byId.get(taskId);
    if (task === undefined) add("I1", taskId, "its enqueue was acknowledged, and nothing is known of it");
  }
  if (history.isQuiet !== true) return;
  for (const record of history.records) {
    if (!isFinal(record.status)) add("I1", record.id, `all work was drained, and it is ${record.status}`);
  }
}

function checkWrite(write: ObservedWrite, task: TaskHistory | undefined, add: Add): void {
  if (write.answer !== "held" || write.version === null || write.replayed === true || task === undefined) return;
  const event = task.events.findLast((told) => told.version <= (write.version ?? 0));
  if (event && event.attempt !== write.attempt) {
    add("I3", write.taskId, `attempt ${write.attempt} wrote version ${write.version} of attempt ${event.attempt}`);
  }
}

function checkDedupe(records: readonly TaskRecord[], add: Add): void {
  const holders = new Map<string, TaskId>();
  for (const record of records) {
    if (record.dedupeKey === null || isFinal(record.status)) continue;
    const key = JSON.stringify([record.tenantId, record.kind, record.dedupeKey]);
    const other = holders.get(key);
    if (other !== undefined) add("I7", record.id, `${other} holds the dedupe key ${key} too`);
    holders.set(key, record.id);
  }
}

/** The most that hold a limit at once, by a sweep over the ends of the intervals. */
function checkLimits(history: History, add: Add): void {
  for (const { name, limit } of history.limits ?? []) {
    const holdings = (history.holdings ?? []).filter((holding: Holding) => holding.limits.includes(name));
    const ends = holdings
      .flatMap((holding) => [
        { at: holding.from, by: 1, taskId: holding.taskId },
        { at: holding.to, by: -1, taskId: holding.taskId },
      ])
      .toSorted((a, b) => a.at - b.at || a.by - b.by);
    let held = 0;
    for (const end of ends) {
      held += end.by;
      if (held > limit) add("I7", end.taskId, `${held} held ${name} at ${end.at}, at most ${limit} may`);
    }
  }
}

function checkFlow(flow: FlowOfHistory, byId: ReadonlyMap<TaskId, TaskHistory>, add: Add): void {
  const waiter = byId.get(flow.waiterId);
  if (waiter === undefined) return;
  const released = waiter.events.filter((event) => event.type === "resumed" && event.data === "dependencies");
  if (released.length > 1) add("I8", flow.waiterId, `its join fired ${released.length} times`);
  const [first] = released;
  const tooLate = first ? flow.dependencyIds.filter((id) => !hadEnded(byId.get(id), first)) : [];
  if (tooLate.length > 0 && !flow.mayGoOnEarly) {
    add("I8", flow.waiterId, `its join fired before ${tooLate.join(", ")} ended`);
  }
  const isBlocked = waiter.record?.status === "blocked" || waiter.record?.pausedFrom === "blocked";
  if (isBlocked && flow.dependencyIds.every((id) => isOver(byId.get(id)))) {
    add("I8", flow.waiterId, "all it waits for has ended, and it is still blocked");
  }
}

function hadEnded(task: TaskHistory | undefined, moment: TaskEvent): boolean {
  if (task === undefined) return true;
  return task.events.some(({ at, statusAfter }) => at <= moment.at && (statusAfter === null || isFinal(statusAfter)));
}

function isOver(task: TaskHistory | undefined): boolean {
  return !task?.record || isFinal(task.record.status);
}

function checkViews(history: History, add: Add): void {
  for (const view of history.views ?? []) {
    for (const record of history.records) {
      const seen = view.versions.get(record.id);
      if (seen !== record.version) {
        add("I9", record.id, `${view.name} sees version ${seen ?? "nothing"}, the store has ${record.version}`);
      }
    }
  }
}

function checkOnce(history: History, byId: ReadonlyMap<TaskId, TaskHistory>, add: Add): void {
  const names = new Map<string, TaskId>();
  for (const { name, taskId } of history.occurrences ?? []) {
    const other = names.get(name);
    if (other !== undefined && other !== taskId) add("I10", taskId, `${other} was made for ${name} too`);
    names.set(name, taskId);
  }
  if (!history.effects) return;
  const effects = new Set(history.effects);
  for (const taskId of effects) {
    const isDone = byId.get(taskId)?.events.some((event) => isTaskEvent(event) && event.type === "succeeded") ?? false;
    if (!isDone) add("I12", taskId, "its effect exists, and it has not succeeded");
  }
}
