import { type Clock, isFinal, isLeased, type TaskId, type TaskRecord, waitsAs } from "@millrace/models";
import { frozen } from "./frozen.ts";
import { HeldCounts } from "./held-counts.ts";
import { ReadyQueue } from "./ready-queue.ts";
import { scopedKey } from "./scoped-key.ts";
import { TimerIndex } from "./timer-index.ts";
import type { UndoLog } from "./undo-log.ts";

/** The records, and every index over them. Indexes follow the records, so taking a record back takes them back too. */
export class TaskTable {
  readonly #records = new Map<TaskId, TaskRecord>();
  readonly #undo: UndoLog;
  readonly #clock: Pick<Clock, "now">;
  readonly #queues = new Map<string, ReadyQueue>();
  readonly #superseding = new Map<string, Set<TaskId>>();
  readonly held: HeldCounts = new HeldCounts();
  /** Leased tasks by `leaseExpiresAt`. */
  readonly leases: TimerIndex = new TimerIndex();
  /** Waiting tasks by `wakeAt`. */
  readonly wakes: TimerIndex = new TimerIndex();
  /** Tasks that never began, by `expiresAt`. */
  readonly expiries: TimerIndex = new TimerIndex();
  /** Leased tasks that are not stale, by their last sign of life. */
  readonly signs: TimerIndex = new TimerIndex();

  constructor(undo: UndoLog, clock: Pick<Clock, "now">) {
    this.#undo = undo;
    this.#clock = clock;
  }

  get(id: TaskId): TaskRecord | undefined {
    return this.#records.get(id);
  }

  values(): MapIterator<TaskRecord> {
    return this.#records.values();
  }

  put(task: TaskRecord): void {
    const before = this.#records.get(task.id);
    this.#undo.note(() => this.#replace(task.id, before));
    this.#replace(task.id, frozen(task));
  }

  delete(id: TaskId): void {
    const before = this.#records.get(id);
    this.#undo.note(() => this.#replace(id, before));
    this.#replace(id, undefined);
  }

  queueOf(kind: string): ReadyQueue {
    const queue = this.#queues.get(kind) ?? new ReadyQueue();
    this.#queues.set(kind, queue);
    return queue;
  }

  /** Kinds that have, or had, queued tasks. */
  queuedKinds(): MapIterator<string> {
    return this.#queues.keys();
  }

  /** Open tasks of a kind and supersede key, in id order. */
  openOfSupersedeKey(task: Pick<TaskRecord, "tenantId" | "kind" | "supersedeKey">): readonly TaskId[] {
    return [...(this.#superseding.get(supersedeIdOf(task)) ?? [])].toSorted();
  }

  #replace(id: TaskId, after: TaskRecord | undefined): void {
    const before = this.#records.get(id);
    if (after === undefined) this.#records.delete(id);
    else this.#records.set(id, after);
    this.leases.move(id, leaseEndOf(before), leaseEndOf(after));
    this.wakes.move(id, deadlineOf(before), deadlineOf(after));
    this.expiries.move(id, expiryOf(before), expiryOf(after));
    this.signs.move(id, lastSignOf(before), lastSignOf(after));
    if (!isSamePlace(before, after)) this.#requeue(before, after);
    if (before?.status === after?.status) return;
    if (before) this.held.count(before, -1);
    if (after) this.held.count(after, 1);
    this.#resupersede(before, after);
  }

  #requeue(before: TaskRecord | undefined, after: TaskRecord | undefined): void {
    if (before?.status === "queued") this.queueOf(before.kind).delete(before);
    if (after?.status === "queued") this.queueOf(after.kind).add(after, this.#clock.now());
  }

  #resupersede(before: TaskRecord | undefined, after: TaskRecord | undefined): void {
    const task = after ?? before;
    if (task === undefined || task.supersedeKey === null) return;
    const key = supersedeIdOf(task);
    const ids = this.#superseding.get(key) ?? new Set();
    if (after !== undefined && !isFinal(after.status)) ids.add(task.id);
    else ids.delete(task.id);
    if (ids.size === 0) this.#superseding.delete(key);
    else this.#superseding.set(key, ids);
  }
}

function isSamePlace(before: TaskRecord | undefined, after: TaskRecord | undefined): boolean {
  return (
    before?.status === after?.status &&
    before?.priority === after?.priority &&
    before?.scheduledAt === after?.scheduledAt
  );
}

function supersedeIdOf(task: Pick<TaskRecord, "tenantId" | "kind" | "supersedeKey">): string {
  return scopedKey(task.tenantId, task.kind, task.supersedeKey ?? "");
}

function leaseEndOf(task: TaskRecord | undefined): number | null {
  return task && isLeased(task.status) ? task.leaseExpiresAt : null;
}

function deadlineOf(task: TaskRecord | undefined): number | null {
  return task && waitsAs(task) !== null ? task.wakeAt : null;
}

function expiryOf(task: TaskRecord | undefined): number | null {
  if (!task || task.attempt > 0 || isFinal(task.status) || isLeased(task.status)) return null;
  return task.expiresAt;
}

function lastSignOf(task: TaskRecord | undefined): number | null {
  return task && isLeased(task.status) && task.staleAt === null ? task.lastSignAt : null;
}
