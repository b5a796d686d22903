import type { ControlEvent, MoveEvent, TaskRecord } from "@millrace/models";
import { eventCode } from "../codec/event-code.ts";
import { statusCode } from "../codec/status-code.ts";

/** The type of a row whose every task has two entries: `started`, then `succeeded`. */
export const startedAndSucceeded: number = 99;

// A reader that wants few entries must not have to read many.
const mostEntries = 500;

/** The same thing, happening to many tasks. */
export interface JournalGroup {
  readonly type: number;
  readonly at: number;
  readonly tenantId: string;
  /** The kind; of a control event what it is about. */
  readonly kind: string | null;
  readonly was: number | null;
  readonly became: number | null;
  readonly reason: string | null;
  readonly hostId: string | null;
  readonly ids: string[];
  readonly versions: number[];
  readonly attempts: number[];
  /** Null while no entry has any. */
  data: (string | number | null)[] | null;
}

/** What identifies a group. */
export type GroupFields = Omit<JournalGroup, "ids" | "versions" | "attempts" | "data">;

/** What a short statement tells of one task. */
export interface ShortEntry {
  readonly id: string;
  readonly version: number;
  readonly attempt: number;
}

/**
 * The events of a transaction, packed: one row for all tasks to which the same thing happened. Packing turns the order
 * of events round, so it must never put a later event of a task before an earlier one. Within one operation of the short
 * statements each task appears once, in the order of their events; between operations, and for every other move, an
 * event joins only a group that stands behind all that was told of its task.
 */
export class JournalBuffer {
  #groups: JournalGroup[] = [];
  // Groups before this place are closed.
  #from = 0;
  #operation = "";
  #lastOf = new Map<string, number>();
  // The last group that was handed out without telling whose events it holds.
  #shared = 0;

  /** Begins an operation; those of the same name that follow each other share their groups. */
  begin(operation: string): void {
    if (operation === this.#operation) return;
    this.#operation = operation;
    this.close();
  }

  /** Lets nothing more into the groups so far. */
  close(): void {
    this.#from = this.#groups.length;
    this.#shared = this.#from;
    this.#lastOf.clear();
  }

  /** Tells an event of a short statement, which knows that its task appears once in the operation. */
  tellShort(fields: GroupFields, entry: ShortEntry): void {
    this.tellMany(fields, [entry]);
  }

  /** Tells the same event of many. Of type `startedAndSucceeded` each is two entries; its version is that of the second. */
  tellMany(fields: GroupFields, entries: readonly ShortEntry[]): void {
    let group: JournalGroup | null = null;
    for (const { id, version, attempt } of entries) {
      if (group === null || group.ids.length >= mostEntries) group = this.#sharedGroup(fields);
      group.ids.push(id);
      group.versions.push(version);
      group.attempts.push(attempt);
      group.data?.push(null);
    }
  }

  /** Tells an event of any move. */
  tell(task: Pick<TaskRecord, "id" | "tenantId" | "kind">, event: MoveEvent): void {
    const fields: GroupFields = {
      type: eventCode(event.type) ?? 0,
      at: event.at,
      tenantId: task.tenantId,
      kind: task.kind,
      was: event.statusBefore === null ? null : statusCode(event.statusBefore),
      became: event.statusAfter === null ? null : statusCode(event.statusAfter),
      reason: event.reason,
      hostId: event.hostId,
    };
    const { group, place } = this.#groupFrom(Math.max(this.#shared, this.#lastOf.get(task.id) ?? 0), fields);
    this.#lastOf.set(task.id, place);
    group.ids.push(task.id);
    group.versions.push(event.version);
    group.attempts.push(event.attempt);
    if (event.data !== null) group.data ??= group.ids.slice(1).map(() => null);
    group.data?.push(event.data);
  }

  /** Tells what happened to a host, a kind or a limit: a row of its own, whose one entry has no task. */
  tellControl({ type, at, name, hostId, data }: Omit<ControlEvent, "taskId">): void {
    const code = eventCode(type) ?? 0;
    const fields = { type: code, at, tenantId: "", kind: name, was: null, became: null, reason: null, hostId };
    this.#groups.push({ ...fields, ids: [], versions: [0], attempts: [0], data: [data] });
    this.close();
  }

  /** What was told so far, to come back to. */
  mark(): number {
    this.close();
    return this.#groups.length;
  }

  /** Forgets what was told since. */
  backTo(mark: number): void {
    this.#groups.length = mark;
    this.close();
  }

  get isEmpty(): boolean {
    return this.#groups.length === 0;
  }

  /** Hands out everything, in order, and begins anew. */
  take(): readonly JournalGroup[] {
    const groups = this.#groups;
    this.#groups = [];
    this.#operation = "";
    this.close();
    return groups;
  }

  #sharedGroup(fields: GroupFields): JournalGroup {
    const { group, place } = this.#groupFrom(this.#from, fields);
    this.#shared = Math.max(this.#shared, place);
    return group;
  }

  #groupFrom(from: number, fields: GroupFields): { readonly group: JournalGroup; readonly place: number } {
    for (let place = this.#groups.length - 1; place >= from; place -= 1) {
      const group = this.#groups[place];
      if (group && group.ids.length < mostEntries && isSame(group, fields)) return { group, place };
    }
    const group: JournalGroup = { ...fields, ids: [], versions: [], attempts: [], data: null };
    this.#groups.push(group);
    return { group, place: this.#groups.length - 1 };
  }
}

function isSame(a: GroupFields, b: GroupFields): boolean {
  return (
    a.type === b.type &&
    a.kind === b.kind &&
    a.was === b.was &&
    a.became === b.became &&
    a.at === b.at &&
    a.tenantId === b.tenantId &&
    a.hostId === b.hostId &&
    a.reason === b.reason
  );
}

/** The one number of a list of equal ones; null when they differ, or there is none. */
export function uniform(numbers: readonly number[]): number | null {
  const [first = null] = numbers;
  for (const number of numbers) if (number !== first) return null;
  return first;
}
