import {
  isFinal,
  isTaskError,
  removesAnything,
  type RetentionFacet,
  type TaskId,
  type TaskRetentionPolicy,
} from "@millrace/models";
import { statusCode } from "@millrace/store-sql";
import type { Engine } from "../connection/engine.ts";
import type { Sql } from "../connection/session.ts";
import type { TableNames } from "../connection/table-names.ts";
import { neededBy } from "../effects/edges.ts";
import { forget, isAlone, removeTask } from "../effects/remove-task.ts";
import { flag } from "../row/task-flags.ts";
import { numberOf } from "../row/task-row.ts";
import { getTask, hold, readClock } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { keepJournalParts } from "./journal-parts.ts";
import { noteSweep } from "./last-sweep.ts";
import { outdatedTasks, type SweepPlaces } from "./outdated-tasks.ts";
import { pruneJournal } from "./prune-journal.ts";

const defaultJournalKeepMs = 24 * 60 * 60 * 1000;

type Pruned = Awaited<ReturnType<RetentionFacet["prune"]>>;

const crowdedTasks: Sql = (n) => `
select task, count(*) from ${n.step} group by task having count(*) > $1 order by task limit $2`;
const dropOldestSteps: Sql = (n) => `
delete from ${n.step} where task = $1 and (attempt, n) in (
  select attempt, n from ${n.step} where task = $1 order by attempt, n limit $2)`;

const succeeded = statusCode("succeeded");
// By their places: a join would be planned by statistics.
const dropResting = ({ resting }: TableNames, keys: string): string => `
delete from ${resting} where ctid = any(array(select y.place from ${keys} k cross join lateral (
  select x.ctid as place from ${resting} x where (x.status, x.kind, x.at, x.id) = (k.status, k.kind, k.at, k.id) offset 0) y))`;
// The ids come in order, and one is found among them by halves. A row of several is shortened by what it holds when its turn
// comes; those that are empty then are answered.
export const dropPlain: Sql = (n) => `
with t as (delete from ${n.task} where id = any($1::uuid[]) returning status, kind, finished_at as at, id),
s as (${dropResting(n, "t")}),
r as (update ${n.resting} x set ids = array(select u.id from unnest(x.ids) u(id)
    where u.id is distinct from ($1::uuid[])[width_bucket(u.id, $1::uuid[])] order by u.id)
  from (select distinct kind, at from t where status = ${succeeded}) g
  where x.status = ${succeeded} and x.kind = g.kind and x.at = g.at and x.ids is not null
  returning x.kind, x.at, x.id, x.ids)
select array_agg(kind), array_agg(at), array_agg(id) from r where ids = '{}'`;
export const dropEmpty: Sql = (n) =>
  dropResting(
    n,
    `(select ${succeeded} as status, * from unnest($1::text[], $2::bigint[], $3::uuid[]) k(kind, at, id))`,
  );

/** A sweep on its way: bites of the same policy go on where the one before stopped. */
export class SweepProgress {
  #policy = "";
  #places: SweepPlaces = new Map();

  placesFor(policy: TaskRetentionPolicy): SweepPlaces {
    return this.#policy === JSON.stringify(policy) ? this.#places : new Map();
  }

  /** A bite is done; null = it was the last, and the next sweep begins at the beginning. */
  reached(policy: TaskRetentionPolicy, places: SweepPlaces | null): void {
    this.#policy = places === null ? "" : JSON.stringify(policy);
    this.#places = places ?? new Map();
  }
}

/** What a bite works on. */
interface Bite {
  readonly policy: TaskRetentionPolicy;
  readonly keepMs: number;
  readonly limit: number;
  readonly places: SweepPlaces;
}

/** One bounded bite of what a policy lets go: at most `limit` rows of each sort. The last one tidies the journal up. */
export async function prune(
  engine: Engine,
  sweep: SweepProgress,
  { policy, limit }: { readonly policy: TaskRetentionPolicy; readonly limit: number },
): Promise<Pruned> {
  const keepMs = policy.journalKeepMs ?? defaultJournalKeepMs;
  const bite = { policy, keepMs, limit, places: sweep.placesFor(policy) };
  const { pruned, places } = await engine.transaction((tx) => pruneBite(tx, bite));
  sweep.reached(policy, pruned.more ? places : null);
  if (pruned.more) return pruned;
  try {
    await keepJournalParts(engine, keepMs);
  } catch (error) {
    // Somebody is reading there: it is emptied the next time.
    if (!isTaskError(error, "STORE_BUSY")) throw error;
  }
  return pruned;
}

async function pruneBite(
  tx: StoreTransaction,
  { policy, keepMs, limit, places: before }: Bite,
): Promise<{ readonly pruned: Pruned; readonly places: SweepPlaces }> {
  tx.journal.begin("prune");
  await readClock(tx);
  const steps = await pruneSteps(tx, policy.stepLimitPerTask ?? null, limit);
  const { ids, places, isCut } = await outdatedTasks(tx, policy, { limit, places: before });
  const deletedTasks = await pruneTasks(tx, ids);
  const deletedEvents = await pruneJournal(tx, keepMs, limit);
  const more = isCut || steps.deletedSteps >= limit || deletedEvents >= limit;
  if (!more && removesAnything(policy)) noteSweep(tx, policy);
  return { pruned: { ...steps, deletedTasks, deletedEvents, more }, places };
}

async function pruneSteps(
  tx: StoreTransaction,
  keep: number | null,
  limit: number,
): Promise<Pick<Pruned, "deletedSteps" | "compactedTasks">> {
  let deletedSteps = 0;
  let compactedTasks = 0;
  if (keep === null) return { deletedSteps, compactedTasks };
  for (const [task, count] of await tx.query(crowdedTasks, [keep, limit])) {
    const surplus = Math.min(numberOf(count) - keep, limit - deletedSteps);
    if (surplus <= 0) break;
    tx.write(dropOldestSteps, [task, surplus]);
    deletedSteps += surplus;
    compactedTasks += 1;
  }
  return { deletedSteps, compactedTasks };
}

async function pruneTasks(tx: StoreTransaction, outdated: readonly TaskId[]): Promise<number> {
  const plain: TaskId[] = [];
  let deleted = 0;
  await hold(tx, outdated);
  for (const id of outdated) {
    const stored = await getTask(tx, id);
    // It may have gone, or have been retried, since it was found.
    if (!stored || !isFinal(stored.task.status)) continue;
    if (stored.flags & flag.waitedFor && (await neededBy(tx, id)) !== null) continue;
    if (isAlone(stored)) plain.push(forget(tx, stored));
    else await removeTask(tx, stored);
    deleted += 1;
  }
  if (plain.length === 0) return deleted;
  const [empty] = await tx.query(dropPlain, [plain.toSorted()]);
  if (empty?.[0]) tx.write(dropEmpty, empty);
  return deleted;
}
