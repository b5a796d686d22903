import { type EnqueueRequest, type EnqueueResult, isTaskId, newTask, type TaskRecord } from "@millrace/models";
import { fixedToColumn, labelsOf, ownedRecord } from "@millrace/store-sql";
import type { Engine } from "../connection/engine.ts";
import type { Row, Session } from "../connection/session.ts";
import { isTaken } from "../connection/store-error.ts";
import { withOwnInput } from "../effects/make-task.ts";
import { flag, flagsOf } from "../row/task-flags.ts";
import { numberOf } from "../row/task-row.ts";
import { valueToText } from "../row/value-column.ts";
import {
  insertAlikeTasks,
  insertLabelledTasks,
  insertNewLabelledTasks,
  insertNewTasks,
  insertOneTask,
  insertTasks,
} from "./insert-tasks.ts";

const noWarnings: EnqueueResult["warnings"] = Object.freeze([]);
const noneSuperseded: EnqueueResult["supersededTaskIds"] = Object.freeze([]);

/** Whether nothing of a request needs a look at others, or a row that only few tasks have. */
export function isPlainRequest(request: EnqueueRequest): boolean {
  return (
    request.dedupeKey === null &&
    request.dedupeForMs === null &&
    request.supersedeKey === null &&
    request.concurrencyKeys.length === 0 &&
    request.dependencies.length === 0 &&
    request.expiresAt === null &&
    request.expiresInMs === null &&
    request.state === null &&
    isTaskId(request.id)
  );
}

/** A plain request made ready for the statement; its times are only known once it is stored. */
interface Prepared {
  readonly request: EnqueueRequest;
  readonly draft: TaskRecord;
  readonly fixed: string | null;
  readonly labels: readonly string[];
  readonly flags: number;
}

function prepared(request: EnqueueRequest): Prepared {
  const draft = newTask(request, 0, 0);
  const fixed = fixedToColumn(draft);
  const labels = fixed === null ? [] : labelsOf(draft);
  // Nothing has happened to it yet, and what may be said of such things beforehand makes a request one that is not plain.
  const flags = flagsOf(draft, labels.length > 0 ? flag.labels : 0, false);
  return {
    request,
    draft: fixed === null ? withOwnInput(draft) : ownedRecord(withOwnInput(draft)),
    fixed,
    labels,
    flags,
  };
}

/** M1 of plain tasks, in one statement: the results of those whose id was free, by id. Each id must stand there once. */
export async function enqueuePlain(
  session: Session,
  requests: readonly EnqueueRequest[],
  { now, areFree = false }: { readonly now: number | null; readonly areFree?: boolean },
): Promise<ReadonlyMap<string, EnqueueResult>> {
  const all = requests.map(prepared);
  const shared = areFree ? sharedBy(all) : null;
  const [row] = await (shared ? insertAlike(session, all, [...shared, now]) : insert(session, all, { now, areFree }));
  const at = numberOf(row?.[0]);
  const free = typeof row?.[1] === "string" ? new Set(row[1].split(",")) : null;
  const made = free === null ? all : all.filter(({ request }) => free.has(request.id));
  return new Map(made.map(({ request, draft }) => [request.id, created(request, draft, at)]));
}

/** What tasks share that differ in nothing but id, input and what was said once; else null. */
function sharedBy([first, ...others]: readonly Prepared[]): readonly unknown[] | null {
  if (!first || first.labels.length > 0) return null;
  const shared = sharedOf(first);
  const isAlike = (one: Prepared): boolean =>
    one.labels.length === 0 && sharedOf(one).every((value, place) => value === shared[place]);
  return others.every(isAlike) ? shared : null;
}

function sharedOf({ flags, request }: Prepared): readonly unknown[] {
  return [request.tenantId, request.kind, flags, request.priority, request.scheduledAt, request.delayMs];
}

function insertAlike(session: Session, all: readonly Prepared[], shared: readonly unknown[]): Promise<readonly Row[]> {
  const rowOf = ({ request: { id, input }, fixed }: Prepared) => [id, valueToText(input), fixed] as const;
  const [one] = all;
  if (one && all.length === 1) return session.run(insertOneTask, [...rowOf(one), ...shared]);
  // As the event lists them.
  const rows = all.map(rowOf).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const lists = ([0, 1, 2] as const).map((column) => rows.map((row) => row[column]));
  return session.run(insertAlikeTasks, [...lists, ...shared]);
}

function insert(
  session: Session,
  all: readonly Prepared[],
  { now, areFree }: { readonly now: number | null; readonly areFree: boolean },
): Promise<readonly Row[]> {
  const labels = all.flatMap(({ request: { id }, labels: own }) => own.map((label) => ({ id, label })));
  const [unlabelled, labelled] = areFree
    ? [insertNewTasks, insertNewLabelledTasks]
    : [insertTasks, insertLabelledTasks];
  return session.run(labels.length === 0 ? unlabelled : labelled, [
    all.map(({ request }) => request.id),
    all.map(({ request }) => request.tenantId),
    all.map(({ request }) => request.kind),
    all.map(({ flags }) => flags),
    all.map(({ request }) => request.priority),
    all.map(({ request }) => request.scheduledAt),
    all.map(({ request }) => request.delayMs),
    all.map(({ request }) => valueToText(request.input)),
    all.map(({ fixed }) => fixed),
    now,
    ...(labels.length === 0 ? [] : [JSON.stringify(labels)]),
  ]);
}

/** What an enqueue that is a transaction of its own is given; `onSent` is called when a statement is on its way. */
interface Alone {
  readonly engine: Pick<Engine, "now" | "options">;
  readonly onSent: () => void;
}

/**
 * The same as a transaction of its own. An id is hardly ever taken, but by an enqueue that is repeated because its answer was lost:
 * only then the statement looks at each.
 */
export async function enqueueAlone(
  session: Session,
  requests: readonly EnqueueRequest[],
  alone: Alone,
): Promise<ReadonlyMap<string, EnqueueResult>> {
  // Behind a pooler it is one of several statements of a transaction, which a refusal would end.
  const made = alone.engine.options.isPooled ? null : await enqueueFree(session, requests, alone);
  if (made !== null) return made;
  const sent = enqueuePlain(session, requests, { now: alone.engine.now });
  alone.onSent();
  return sent;
}

/** The same, whole or not at all: null when an id is taken. */
export async function enqueueFree(
  session: Session,
  requests: readonly EnqueueRequest[],
  { engine, onSent }: Alone,
): Promise<ReadonlyMap<string, EnqueueResult> | null> {
  try {
    const sent = enqueuePlain(session, requests, { now: engine.now, areFree: true });
    onSent();
    return await sent;
  } catch (error) {
    if (!isTaken(error)) throw error;
    return null;
  }
}

function created(request: EnqueueRequest, draft: TaskRecord, at: number): EnqueueResult {
  const scheduledAt = request.scheduledAt ?? at + request.delayMs;
  const task = Object.freeze({ ...draft, scheduledAt, createdAt: at, updatedAt: at });
  return { disposition: "created", task, supersededTaskIds: noneSuperseded, warnings: noWarnings };
}
