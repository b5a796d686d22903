import {
  type ClaimAnswer,
  type ClaimedTask,
  type ClaimRequest,
  type DependencyResult,
  isLeased,
  type TaskRecord,
} from "@millrace/models";
import type { Engine } from "../connection/engine.ts";
import { databaseNow } from "../connection/clock-sql.ts";
import type { Session, Sql } from "../connection/session.ts";
import { flag } from "../row/task-flags.ts";
import { claimPlain, type PlainClaim } from "./claim-plain.ts";
import { readResults } from "./claim-results.ts";
import { claimSpecial, type SpecialClaim } from "./claim-special.ts";
import { promoteDue } from "./promote.ts";

const selectNow: Sql = () => `select ${databaseNow}`;

// Due tasks that another claim is just letting in are left to it after so many looks.
const mostRounds = 3;

const nothing: SpecialClaim = { tasks: [], more: false, suspectsWaiting: false, nextDueInMs: null };

/** M2: the short way as far as it goes, then the long way for what it must not decide. */
export async function claim(engine: Engine, request: ClaimRequest): Promise<ClaimAnswer> {
  const plain = await engine.statement((session) => plainRound(engine, session, request), didClaim);
  const taken = plain.claimed.map(({ task }) => task);
  const isDue = plain.nextDueInMs === 0;
  const needsLongWay = plain.isSpecial || isDue;
  const rest = needsLongWay ? restOf(request, taken) : null;
  const special = rest ? await engine.transaction((tx) => claimSpecial(tx, rest, taken.length)) : nothing;
  const waited = plain.claimed.filter(({ flags }) => flags & flag.waits).map(({ task }) => task);
  const tasks = await withResults(engine, [...taken, ...special.tasks], [...waited, ...special.tasks]);
  return {
    tasks,
    more: plain.hasMore || special.more,
    suspectsWaiting: special.suspectsWaiting,
    nextDueInMs: rest ? special.nextDueInMs : plain.nextDueInMs,
  };
}

function didClaim({ claimed }: PlainClaim): boolean {
  return claimed.length > 0;
}

async function plainRound(engine: Engine, session: Session, request: ClaimRequest): Promise<PlainClaim> {
  const token = engine.options.random.uuid();
  for (let round = 1; ; round += 1) {
    const plain = await claimPlain(session, request, { token, now: engine.now, bounds: engine.readyBounds });
    if (plain.nextDueInMs !== 0 || plain.isSpecial || round > mostRounds) return plain;
    const now = engine.now ?? (await session.run(selectNow))[0]?.[0];
    const promoted = await session.run(promoteDue, [request.kinds.map(({ kind }) => kind), now]);
    for (const [, , longestDue] of promoted) engine.readyBounds.admit(Number(longestDue), Number(now));
  }
}

/** What is left of a request after some of it was given; null when nothing is. */
function restOf(request: ClaimRequest, taken: readonly TaskRecord[]): ClaimRequest | null {
  const limit = request.limit - taken.length;
  if (limit <= 0) return null;
  const kinds = [...new Map(request.kinds.map(({ kind, slots }) => [kind, slots]))].map(([kind, slots]) => {
    return { kind, slots: slots - taken.filter((task) => task.kind === kind).length };
  });
  return { ...request, limit, kinds };
}

const noResults: ClaimedTask["results"] = Object.freeze([]);

async function withResults(
  engine: Engine,
  tasks: readonly TaskRecord[],
  waited: readonly TaskRecord[],
): Promise<readonly ClaimedTask[]> {
  if (waited.length === 0) return tasks.map((task) => ({ task, results: noResults }));
  const resultsOf = await engine.quietly((session) => readResults(session, waited));
  const places = new Map(tasks.map(({ id }, place) => [id, place]));
  return tasks.map((task, place) => {
    const isClaimedLater = ({ taskId }: DependencyResult): boolean => (places.get(taskId) ?? -1) > place;
    return {
      task,
      results: Object.freeze(resultsOf(task.id).map((one) => (isClaimedLater(one) ? asQueued(one) : one))),
    };
  });
}

/** A result as it was before the task was claimed behind its waiter: a claim changes nothing else of what a waiter sees. */
function asQueued(result: DependencyResult): DependencyResult {
  return isLeased(result.status) ? Object.freeze({ ...result, status: "queued" }) : result;
}
