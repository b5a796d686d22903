import type { TaskEventType } from "../events/task-event.ts";
import type { TaskStatus } from "../task/task-status.ts";

/** One row of the table of moves. */
export interface LegalMove {
  readonly id: string;
  /** Empty: the task does not exist before. */
  readonly from: readonly TaskStatus[];
  readonly to: readonly TaskStatus[];
  readonly who: "client" | "host" | "owner" | "store" | "operator" | "any host";
  readonly guard: string;
  readonly events: readonly TaskEventType[];
}

const leased: readonly TaskStatus[] = ["claimed", "running"];
const open: readonly TaskStatus[] = ["blocked", "queued", "suspended", "paused"];

/** Every move a task can make, for documents and for tests that check a journal against it. */
export const legalMoves: readonly LegalMove[] = [
  {
    id: "M1",
    from: [],
    to: ["queued", "blocked"],
    who: "client",
    guard: "id new; dedupe key free or its policy applied; kind known",
    events: ["enqueued"],
  },
  {
    id: "M2",
    from: ["queued"],
    to: ["claimed", "running"],
    who: "host",
    guard:
      "due; not expired before its first attempt; kind served and not paused; limits, rates and keys free (a suspect starts in the same move)",
    events: ["claimed", "started"],
  },
  { id: "M3", from: ["claimed"], to: ["running"], who: "owner", guard: "lease", events: ["started"] },
  { id: "M4", from: leased, to: leased, who: "owner", guard: "lease", events: [] },
  { id: "M5", from: ["running"], to: ["running"], who: "owner", guard: "lease", events: ["progress", "step"] },
  { id: "M6", from: leased, to: ["succeeded"], who: "owner", guard: "lease", events: ["succeeded"] },
  {
    id: "M6b",
    from: leased,
    to: ["cancelled"],
    who: "owner",
    guard: "lease; a cancel was asked for",
    events: ["cancelled"],
  },
  {
    id: "M7",
    from: leased,
    to: ["queued", "failed"],
    who: "owner",
    guard: "lease; failed when the new count of failures reaches maxAttempts, or the failure is permanent",
    events: ["retried", "failed"],
  },
  { id: "M8", from: leased, to: ["queued"], who: "owner", guard: "lease", events: ["snoozed"] },
  { id: "M9", from: leased, to: ["queued"], who: "owner", guard: "lease", events: ["released"] },
  {
    id: "M10",
    from: leased,
    to: ["suspended", "queued"],
    who: "owner",
    guard: "lease; children and wait in the same transaction; a wait already met goes on to queued",
    events: ["suspended", "resumed"],
  },
  {
    id: "M11",
    from: ["suspended", "blocked", "paused"],
    to: ["queued", "paused"],
    who: "store",
    guard: "nothing left to wait for, a matching signal, a resume of a manual wait, or the deadline",
    events: ["resumed"],
  },
  {
    id: "M12",
    from: leased,
    to: ["queued", "failed", "cancelled"],
    who: "any host",
    guard: "lease expired, checked again in the statement that changes the row",
    events: ["lease_lost", "failed", "quarantined", "cancelled"],
  },
  { id: "M13", from: open, to: ["cancelled"], who: "client", guard: "still open", events: ["cancelled"] },
  { id: "M14", from: leased, to: leased, who: "client", guard: "not final", events: ["cancel_requested"] },
  { id: "M15", from: leased, to: ["cancelled"], who: "client", guard: "not final", events: ["cancelled"] },
  {
    id: "M16",
    from: ["failed", "cancelled"],
    to: ["queued"],
    who: "operator",
    guard: "dedupe key still free; its flow has not gone on",
    events: ["retried"],
  },
  {
    id: "M17",
    from: ["blocked", "queued", "suspended", "paused"],
    to: ["paused", "blocked", "queued", "suspended"],
    who: "operator",
    guard: "open and not leased; resume returns to where it was",
    events: ["paused", "resumed"],
  },
  { id: "M18", from: ["queued"], to: ["queued"], who: "client", guard: "queued", events: ["rescheduled"] },
  {
    id: "M19",
    from: ["blocked", "suspended", "paused"],
    to: ["failed"],
    who: "store",
    guard: "an edge says fail",
    events: ["failed"],
  },
  {
    id: "M20",
    from: ["blocked", "queued", "paused"],
    to: ["cancelled"],
    who: "any host",
    guard: "expiresAt has passed and it never began",
    events: ["expired"],
  },
];
