import type { ControlEvent, EventFilter, TaskEvent, TaskId, TaskReason } from "@millrace/models";
import { controlEventOfCode, eventCode, firstControlCode, taskEventOfCode } from "../codec/event-code.ts";
import { statusOfCode } from "../codec/status-code.ts";
import { startedAndSucceeded } from "./journal-buffer.ts";

/** An event before its channels are joined. */
export type UnjoinedEvent = Omit<TaskEvent, "channels"> | ControlEvent;

/** A row of the journal: the same thing, told of many tasks. */
export interface PackedEvents {
  readonly seq: number;
  readonly at: number;
  readonly type: number;
  readonly tenantId: string;
  readonly kind: string | null;
  readonly was: number | null;
  readonly became: number | null;
  readonly reason: string | null;
  readonly hostId: string | null;
  /** How many events it holds. */
  readonly entries: number;
  /** Those of every task; null where they differ. */
  readonly version: number | null;
  readonly attempt: number | null;
  readonly idAt: (index: number) => TaskId;
  readonly versions: readonly (string | number)[];
  readonly attempts: readonly (string | number)[];
  readonly data: readonly (string | number | null)[];
}

/** One event of a row. */
export function unpackEvent(packed: PackedEvents, entry: number): UnjoinedEvent {
  const { type, at, hostId, kind } = packed;
  if (type === startedAndSucceeded) return halfOf(packed, entry);
  const data = packed.data[entry] ?? null;
  if (type >= firstControlCode) return { type: controlEventOfCode(type), taskId: null, at, name: kind, hostId, data };
  return {
    ...taskEventAt(packed, entry),
    type: taskEventOfCode(type),
    statusBefore: packed.was === null ? null : statusOfCode(packed.was),
    statusAfter: packed.became === null ? null : statusOfCode(packed.became),
    data,
  };
}

/** The first or second event of a task that started and succeeded at once. */
function halfOf(packed: PackedEvents, entry: number): UnjoinedEvent {
  const event = taskEventAt(packed, entry >> 1);
  const statusBefore = packed.was === null ? null : statusOfCode(packed.was);
  if (entry % 2 === 0) {
    return { ...event, type: "started", version: event.version - 1, statusBefore, statusAfter: "running", data: null };
  }
  return { ...event, type: "succeeded", statusBefore: "running", statusAfter: "succeeded", data: null };
}

function taskEventAt(
  packed: PackedEvents,
  index: number,
): Omit<TaskEvent, "channels" | "type" | "statusBefore" | "statusAfter" | "data"> {
  return {
    taskId: packed.idAt(index),
    tenantId: packed.tenantId,
    kind: packed.kind ?? "",
    version: packed.version ?? Number(packed.versions[index]),
    attempt: packed.attempt ?? Number(packed.attempts[index]),
    at: packed.at,
    reason: packed.reason as TaskReason | null,
    hostId: packed.hostId,
  };
}

/** Whether a filter means an event. */
export function eventFilter({ tenantId, kinds, taskIds, types }: EventFilter): (event: UnjoinedEvent) => boolean {
  const ids = taskIds && new Set(taskIds);
  const words = types && new Set(types.filter((type) => eventCode(type) !== null));
  return (event) => {
    if (words && !words.has(event.type)) return false;
    if (event.taskId === null) return tenantId === undefined && kinds === undefined && ids === undefined;
    return (
      (tenantId === undefined || event.tenantId === tenantId) &&
      (kinds === undefined || kinds.includes(event.kind)) &&
      (ids === undefined || ids.has(event.taskId))
    );
  };
}
