import type { ClaimRequest, TaskRecord } from "@millrace/models";
import { comesBefore, freeOfKind, type KindSettings } from "@millrace/store-sql";
import type { Sql } from "../connection/session.ts";
import { makeMove } from "../effects/make-move.ts";
import { place } from "../row/task-flags.ts";
import { numberOf, numberOrNull, type StoredTask } from "../row/task-row.ts";
import { readClock } from "../transaction/hold.ts";
import { fullKeyOf, keysHaveTokens, takeKeyTokens } from "../transaction/key-rows.ts";
import { parkAll } from "../transaction/key-use.ts";
import { heldByKinds, heldByStore, kindSettings, storeLimit, takeKindTokens } from "../transaction/kind-rows.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { type ClaimHead, ClaimQueue, lockKeysOfReady } from "./claim-queue.ts";
import { FairQueue } from "./fair-queue.ts";
import { mostPromoted, promoteDue } from "./promote.ts";

// Beyond this many tasks that a claim parks or passes it answers `more`: it must not hold its locks for long.
const mostLookedAt = 2_000;

const selectNextDue: Sql = (n) => `
select min(x.scheduled_at) from unnest($1::text[]) k(kind) cross join lateral (
  select q.scheduled_at from ${n.queue} q where q.place = ${place.notDue} and q.kind = k.kind
  order by q.scheduled_at, q.id limit 1) x`;

/** One kind of a running claim. */
interface KindClaim {
  readonly kind: string;
  readonly settings: KindSettings | undefined;
  readonly queue: ClaimQueue | FairQueue;
  slots: number;
  taken: number;
}

/** A claim on its way. */
interface Claiming {
  readonly tx: StoreTransaction;
  readonly request: ClaimRequest;
  readonly kinds: readonly KindClaim[];
  readonly tasks: TaskRecord[];
  readonly parked: Map<StoredTask, string>;
  /** What the short way took before, in the same call. */
  readonly before: number;
  suspectsWaiting: boolean;
  lookedAt: number;
}

/** What the long claim brought. */
export interface SpecialClaim {
  readonly tasks: readonly TaskRecord[];
  readonly more: boolean;
  readonly suspectsWaiting: boolean;
  readonly nextDueInMs: number | null;
}

/** M2 with everything that may stand in its way: settings of kinds, limits, keys, suspects, times to begin. */
export async function claimSpecial(tx: StoreTransaction, request: ClaimRequest, before: number): Promise<SpecialClaim> {
  tx.journal.begin("claim");
  const most = await storeLimit(tx);
  const asked = [...new Map(request.kinds.map(({ kind, slots }) => [kind, slots]))];
  const settings = await kindSettings(
    tx,
    asked.map(([kind]) => kind),
  );
  await readClock(tx);
  const limit = Math.min(request.limit, most === null ? request.limit : most - (await heldByStore(tx)));
  const open = asked.filter(([kind]) => settings.get(kind)?.isPaused !== true);
  const names = open.map(([kind]) => kind);
  const promoted = await tx.query(promoteDue, [names, tx.now]);
  for (const [, , longestDue] of promoted) tx.readyFrom = Math.min(tx.readyFrom, numberOf(longestDue));
  const claiming: Claiming = {
    tx,
    request: { ...request, limit },
    kinds: await kindClaims(tx, open, { settings, limit }),
    tasks: [],
    parked: new Map(),
    before,
    suspectsWaiting: false,
    lookedAt: 0,
  };
  const begun: StoredTask[] = [];
  for (const { queue } of claiming.kinds) begun.push(...(await queue.begin()));
  await lockKeysOfReady(tx, begun);
  const isCutShort = (await take(claiming)) || promoted.some(([, count]) => numberOf(count) >= mostPromoted);
  parkAll(tx, claiming.parked);
  for (const { kind, settings: own, taken } of claiming.kinds) {
    takeKindTokens(tx, kind, { settings: own, count: taken });
  }
  const nextDue = numberOrNull((await tx.query(selectNextDue, [names]))[0]?.[0]);
  return {
    tasks: claiming.tasks,
    more: isCutShort,
    suspectsWaiting: claiming.suspectsWaiting,
    nextDueInMs: nextDue === null ? null : Math.max(0, nextDue - tx.now),
  };
}

async function kindClaims(
  tx: StoreTransaction,
  open: readonly (readonly [string, number])[],
  given: { readonly settings: ReadonlyMap<string, KindSettings>; readonly limit: number },
): Promise<readonly KindClaim[]> {
  const { settings, limit } = given;
  const limited = open.map(([kind]) => kind).filter((kind) => (settings.get(kind)?.limit ?? null) !== null);
  const held = await heldByKinds(tx, limited);
  return open.flatMap(([kind, asked]) => {
    const own = settings.get(kind);
    const slots = Math.min(
      asked,
      freeOfKind(own, () => held.get(kind) ?? 0, tx.now),
    );
    if (slots <= 0 || limit <= 0) return [];
    const queue = own?.isFair ? new FairQueue(tx, kind) : new ClaimQueue(tx, kind, Math.min(slots, limit, 500));
    return [{ kind, settings: own, queue, slots, taken: 0 }];
  });
}

/** Whether it stopped before it had seen all it could give. */
async function take(claiming: Claiming): Promise<boolean> {
  const { request, tasks } = claiming;
  while (tasks.length < request.limit) {
    if (claiming.lookedAt >= mostLookedAt) return true;
    const next = await firstOf(claiming.kinds);
    if (!next) return false;
    const what = takeOne(claiming, next.one, next.head);
    next.one.queue.goOn(what);
    if (what !== "taken") claiming.lookedAt += 1;
    if (what === "taken" && tasks.at(-1)?.suspect && request.suspects === "alone") return false;
  }
  return false;
}

async function firstOf(
  kinds: readonly KindClaim[],
): Promise<{ readonly one: KindClaim; readonly head: ClaimHead } | null> {
  let first: { readonly one: KindClaim; readonly head: ClaimHead } | null = null;
  for (const one of kinds) {
    const head = one.slots > 0 ? await one.queue.head() : null;
    if (head && (!first || comesBefore(head, first.head))) first = { one, head };
  }
  return first;
}

/** Takes the task, or says that it left the queue without having been claimed, or that it stays in it. */
function takeOne(claiming: Claiming, one: KindClaim, { stored }: ClaimHead): "taken" | "parked" | "passed" {
  const { tx, request, tasks } = claiming;
  const { task } = stored;
  const full = fullKeyOf(tx, task);
  if (full !== null) {
    claiming.parked.set(stored, full);
    return "parked";
  }
  if (!keysHaveTokens(tx, task)) return "passed";
  const isFirst = tasks.length + claiming.before === 0;
  if (task.suspect && request.suspects !== "include" && !(request.suspects === "alone" && isFirst)) {
    claiming.suspectsWaiting = true;
    return "passed";
  }
  const { hostId, leaseMs } = request;
  const result = makeMove(tx, stored, { type: "claim", hostId, leaseMs, leaseToken: tx.random.uuid() });
  // Refused only when it has expired: that is left to the sweep.
  if (result.type !== "made") return "passed";
  takeKeyTokens(tx, task);
  one.slots -= 1;
  one.taken += 1;
  tasks.push(result.task);
  return "taken";
}
