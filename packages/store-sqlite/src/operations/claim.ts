import type { ClaimAnswer, ClaimedTask, ClaimRequest, DependencyResult, TaskRecord } from "@millrace/models";
import { comesBefore, freeOfKind, type KindSettings } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { edgesOfStage } from "../effects/edges.ts";
import { makeMove } from "../effects/make-move.ts";
import { code, countCode, flag, plainToClaim } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { fullKeyOf, keysHaveTokens, takeKeyTokens } from "../transaction/key-rows.ts";
import { park } from "../transaction/key-use.ts";
import { heldByKind, heldByStore, kindSettings, storeLimit, takeKindTokens } from "../transaction/kind-rows.ts";
import { moveEntries } from "../transaction/place-entries.ts";
import { getBySeq } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { type LeaseRequest, PlainClaims } from "./claim-plain.ts";
import { type ClaimHead, ClaimQueue, selectFallenDue, selectNextDue } from "./claim-queue.ts";
import { FairQueue } from "./fair-queue.ts";

// Beyond this many tasks that a claim parks or passes it answers `more`: it must not hold the event loop.
const mostLookedAt = 2_000;
const mostPromoted = 2_000;

const promote: Sql = (n) => `update ${n.task} set status = 1 where seq = ? and status = -2`;

/** One kind of a running claim. */
interface KindClaim {
  readonly kind: string;
  readonly settings: KindSettings | null;
  readonly queue: ClaimQueue | FairQueue;
  slots: number;
  taken: number;
}

/** A claim on its way. */
interface Claiming {
  readonly tx: StoreTransaction;
  readonly request: LeaseRequest;
  readonly plain: PlainClaims;
  readonly kinds: KindClaim[];
  readonly tasks: ClaimedTask[];
  suspectsWaiting: boolean;
  lookedAt: number;
}

/** M2: the first claimable tasks in order, over all kinds asked for. */
export function claim(tx: StoreTransaction, request: ClaimRequest): ClaimAnswer {
  tx.journal.begin("claim");
  const most = storeLimit(tx);
  const limit = Math.min(request.limit, most === null ? request.limit : most - heldByStore(tx));
  const open = openKinds(tx, request);
  const promoted = open.map(({ kind }) => promoteDue(tx, kind));
  const leaseRequest = { ...request, limit, leaseToken: tx.random.uuid() };
  const plain = new PlainClaims(tx, leaseRequest);
  const claiming: Claiming = {
    tx,
    request: leaseRequest,
    plain,
    kinds: open.flatMap((one) => kindClaim(tx, one, { limit, plain })),
    tasks: [],
    suspectsWaiting: false,
    lookedAt: 0,
  };
  const isTakenShort = take(claiming);
  plain.write();
  const isCutShort = isTakenShort || promoted.some((count) => count >= mostPromoted);
  for (const { kind, settings, taken } of claiming.kinds) takeKindTokens(tx, kind, { settings, count: taken });
  const dueTimes = open.flatMap(({ kind }) => (tx.use(selectNextDue).get(kind)?.[0] as number | undefined) ?? []);
  return {
    tasks: claiming.tasks,
    more: isCutShort,
    suspectsWaiting: claiming.suspectsWaiting,
    nextDueInMs: dueTimes.length > 0 ? Math.max(0, Math.min(...dueTimes) - tx.now) : null,
  };
}

interface OpenKind {
  readonly kind: string;
  readonly slots: number;
  readonly settings: KindSettings | null;
}

function openKinds(tx: StoreTransaction, request: ClaimRequest): readonly OpenKind[] {
  const asked = new Map(request.kinds.map(({ kind, slots }) => [kind, slots]));
  return [...asked].flatMap(([kind, slots]) => {
    const settings = kindSettings(tx, kind);
    return settings?.isPaused ? [] : [{ kind, slots, settings }];
  });
}

function kindClaim(
  tx: StoreTransaction,
  { kind, slots: asked, settings }: OpenKind,
  { limit, plain }: { readonly limit: number; readonly plain: PlainClaims },
): readonly KindClaim[] {
  const slots = Math.min(
    asked,
    freeOfKind(settings, () => heldByKind(tx, kind), tx.now),
  );
  if (slots <= 0 || limit <= 0) return [];
  const pieceSize = Math.min(slots, limit, 500);
  const queue = settings?.isFair
    ? new FairQueue(tx, kind)
    : new ClaimQueue(tx, { kind, pieceSize, beforeReading: () => plain.write() });
  return [{ kind, settings, queue, slots, taken: 0 }];
}

/** Lets tasks that have fallen due into the order of claims. No move: they stay queued. Answers how many. */
function promoteDue(tx: StoreTransaction, kind: string): number {
  const next = tx.use(selectNextDue).get(kind)?.[0];
  if (typeof next !== "number" || next > tx.now) return 0;
  const rows = tx.use(selectFallenDue).all(kind, tx.now, mostPromoted);
  for (const [seq] of rows) promoteOne(tx, Number(seq));
  return rows.length;
}

function promoteOne(tx: StoreTransaction, seq: number): void {
  const before = getBySeq(tx, seq);
  if (!before) return;
  tx.use(promote).run(seq);
  const after = { ...before, code: code.queued };
  moveEntries(tx, { before, after, parkedKey: null });
  tx.counts.move(before.task, countCode(before), countCode(after));
}

/** Whether it stopped before it had seen all it could give. */
function take(claiming: Claiming): boolean {
  const { request, tasks } = claiming;
  while (tasks.length < request.limit) {
    if (claiming.lookedAt >= mostLookedAt) return true;
    const next = firstOf(claiming.kinds);
    if (!next) return false;
    const what = takeOne(claiming, next.one, next.head);
    next.one.queue.goOn(what);
    if (what !== "taken") claiming.lookedAt += 1;
    if (what === "taken" && tasks.at(-1)?.task.suspect && request.suspects === "alone") return false;
  }
  return false;
}

function firstOf(kinds: readonly KindClaim[]): { readonly one: KindClaim; readonly head: ClaimHead } | null {
  let first: { readonly one: KindClaim; readonly head: ClaimHead } | null = null;
  for (const one of kinds) {
    const head = one.slots > 0 ? one.queue.head() : null;
    if (head && (!first || comesBefore(head, first.head))) first = { one, head };
  }
  return first;
}

/** Takes the task, or says that it left the queue without having been claimed, or that it stays in it. */
function takeOne(claiming: Claiming, one: KindClaim, { row }: ClaimHead): "taken" | "parked" | "passed" {
  const { tx, plain, tasks } = claiming;
  const [seq, , , flags] = row;
  const isPlain = (flags & ~plainToClaim) === 0 && row[11] === 0;
  const claimed = isPlain ? plain.take(row, one.kind) : claimSpecial(claiming, getBySeq(tx, seq));
  if (typeof claimed === "string") return claimed;
  one.slots -= 1;
  one.taken += 1;
  tasks.push({ task: claimed, results: flags & flag.waits ? resultsOf(claiming, seq, claimed) : noResults });
  return "taken";
}

const noResults: readonly DependencyResult[] = Object.freeze([]);

function claimSpecial(claiming: Claiming, stored: StoredTask | undefined): TaskRecord | "parked" | "passed" {
  const { tx, request, tasks } = claiming;
  if (!stored) return "passed";
  const { task, flags } = stored;
  if (flags & flag.keys) {
    const full = fullKeyOf(tx, task);
    if (full !== null) {
      park(tx, stored, full);
      return "parked";
    }
    if (!keysHaveTokens(tx, task)) return "passed";
  }
  const maySuspect = request.suspects === "include" || (request.suspects === "alone" && tasks.length === 0);
  if (task.suspect && !maySuspect) {
    claiming.suspectsWaiting = true;
    return "passed";
  }
  const { hostId, leaseMs, leaseToken } = request;
  const result = makeMove(tx, stored, { type: "claim", hostId, leaseMs, leaseToken });
  // Refused only when it has expired: that is left to the sweep.
  if (result.type !== "made") return "passed";
  if (flags & flag.keys) takeKeyTokens(tx, task);
  return result.task;
}

/** What a task waited for before this stage, by position. */
function resultsOf({ tx, plain }: Claiming, seq: number, task: TaskRecord): readonly DependencyResult[] {
  // This very claim may have taken what it waits for.
  plain.write();
  return edgesOfStage(tx, seq, task.stage - 1).flatMap(({ dependency }) => {
    const found = getBySeq(tx, dependency)?.task;
    if (!found) return [];
    const { id, kind, status, reason, output, failure } = found;
    return [Object.freeze({ taskId: id, kind, status, reason, output, failure })];
  });
}
