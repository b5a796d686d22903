import {
  isTaskError,
  isTaskEvent,
  journalStart,
  type EnqueueRequest,
  type EventCursor,
  type JournalEvent,
  type Lease,
  type ManualClock,
  type TaskId,
  type TaskRecord,
  type TaskStore,
} from "@millrace/models";
import { expect } from "vitest";
import type { FlowOfHistory } from "../../invariants/history.ts";
import { readHistory } from "../../invariants/read-history.ts";
import { normalEvent, normalRecord } from "./normal-form.ts";

/** One of the two stores that must not differ. */
export interface Side {
  readonly name: "reference" | "subject";
  store: TaskStore;
  cursor: EventCursor;
  /** Lease tokens by `task#attempt`: each store draws its own. */
  readonly tokens: Map<string, string>;
}

/** An attempt that was claimed once: it may be stale by now. */
export interface KnownAttempt {
  readonly taskId: TaskId;
  readonly attempt: number;
}

/** Two stores, one clock, and what the commands have made so far. */
export interface PropertyWorld {
  readonly clock: ManualClock;
  readonly reference: Side;
  readonly subject: Side;
  readonly reopenSubject: (() => Promise<TaskStore>) | null;
  readonly requests: EnqueueRequest[];
  readonly attempts: KnownAttempt[];
  readonly flows: FlowOfHistory[];
  /** What the stores hold, newest first, as of the last comparison. */
  existing: readonly TaskId[];
  newId(): TaskId;
  /** The nth task from the newest on, round and round; now and then one that may be gone. */
  taskId(n: number): TaskId;
}

/** What both answered, or threw. */
export type BothAnswers<Answer> = { readonly reference: Answer; readonly subject: Answer } | null;

/** Asks both stores the same and holds the answers, in their normal form, against each other. Null when both threw. */
export async function askBoth<Answer>(
  world: PropertyWorld,
  ask: (side: Side) => Promise<Answer>,
  normal: (answer: Answer) => unknown,
): Promise<BothAnswers<Answer>> {
  const reference = await attempt(() => ask(world.reference));
  const subject = await attempt(() => ask(world.subject));
  const normalOf = (result: Attempt<Answer>): unknown =>
    "threw" in result ? { threw: result.threw } : { answered: normal(result.answered) };
  expect(normalOf(subject), "the answer differs from the memory store's").toEqual(normalOf(reference));
  if ("threw" in reference || "threw" in subject) return null;
  return { reference: reference.answered, subject: subject.answered };
}

type Attempt<Answer> = { readonly answered: Answer } | { readonly threw: string };

async function attempt<Answer>(call: () => Promise<Answer>): Promise<Attempt<Answer>> {
  try {
    return { answered: await call() };
  } catch (error) {
    // Only errors of the contract may be thrown alike; anything else is a bug of the store that threw it.
    if (isTaskError(error)) return { threw: error.code };
    throw error;
  }
}

/** The lease of an attempt as one of the stores knows it. */
export function leaseOn(side: Side, { taskId, attempt: number }: KnownAttempt): Lease {
  return { taskId, attempt: number, leaseToken: side.tokens.get(`${taskId}#${number}`) ?? "no-token" };
}

/** Every record and every new event of both stores must be equal; events as each task's own row, which is all that is promised. */
export async function compareStores(world: PropertyWorld): Promise<void> {
  const [reference, subject] = [await stateOf(world.reference), await stateOf(world.subject)];
  world.existing = reference.records.map(({ id }) => id).toReversed();
  expect(subject.records, "the records differ from the memory store's").toEqual(reference.records);
  expect(subject.events, "the new events differ from the memory store's").toEqual(reference.events);
}

async function stateOf(side: Side): Promise<{ readonly records: readonly TaskRecord[]; readonly events: unknown }> {
  const { records } = await readHistory({ read: (query) => side.store.read(query), events: noEvents });
  return { records: records.map(normalRecord), events: byTask(await newEvents(side)) };
}

const noEvents = (): ReturnType<TaskStore["events"]> =>
  Promise.resolve({ status: "events", events: [], cursor: journalStart, more: false });

async function newEvents(side: Side): Promise<readonly JournalEvent[]> {
  const events: JournalEvent[] = [];
  for (;;) {
    const page = await side.store.events(side.cursor, 1_000);
    if (page.status === "reset") throw new Error(`The journal of the ${side.name} answered reset: ${page.why}.`);
    events.push(...page.events);
    side.cursor = page.cursor;
    if (!page.more) return events;
  }
}

function byTask(events: readonly JournalEvent[]): Readonly<Record<string, readonly unknown[]>> {
  const sorted: Record<string, unknown[]> = {};
  for (const event of events) {
    const name = isTaskEvent(event) ? event.taskId : `${event.type} ${event.name ?? event.hostId ?? ""}`;
    (sorted[name] ??= []).push(normalEvent(event));
  }
  return sorted;
}
