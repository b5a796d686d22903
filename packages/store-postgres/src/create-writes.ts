import type { LeaseAnswer, LeasedReport, LeasedSettlement, TaskStore } from "@millrace/models";
import type { Engine } from "./connection/engine.ts";
import { cancel } from "./operations/cancel.ts";
import { change } from "./operations/change.ts";
import { claim } from "./operations/claim.ts";
import type { EnqueueQueue } from "./operations/enqueue-queue.ts";
import { expire } from "./operations/expire.ts";
import { extend } from "./operations/extend.ts";
import { setKind } from "./operations/kinds.ts";
import { markStale } from "./operations/mark-stale.ts";
import { memo } from "./operations/memo.ts";
import { remove } from "./operations/remove.ts";
import { report } from "./operations/report.ts";
import { isPlainReport, reportPlain } from "./operations/report-plain.ts";
import { retry } from "./operations/retry.ts";
import { settle } from "./operations/settle.ts";
import { settlePlain } from "./operations/settle-plain.ts";
import { signal } from "./operations/signal.ts";
import type { StoreTransaction } from "./transaction/store-transaction.ts";

type Writes = Pick<
  TaskStore,
  | "enqueue"
  | "claim"
  | "extend"
  | "report"
  | "settle"
  | "expire"
  | "cancel"
  | "change"
  | "retry"
  | "signal"
  | "memo"
  | "markStale"
  | "remove"
  | "setKind"
>;

// A long list becomes several transactions: none holds its locks for long.
const mostAsks = 250;

/** Every operation that changes something: the short way where it is enough, the long way for the rest. */
export function createWrites(engine: Engine, queue: EnqueueQueue): Writes {
  const inPieces = async <Ask, Answer>(
    asks: readonly Ask[],
    work: (tx: StoreTransaction, piece: readonly Ask[]) => Promise<readonly Answer[]>,
  ): Promise<readonly Answer[]> => {
    const answers: Answer[] = [];
    for (let at = 0; at < asks.length; at += mostAsks) {
      const piece = asks.slice(at, at + mostAsks);
      answers.push(...(await engine.transaction((tx) => work(tx, piece))));
    }
    return answers;
  };
  return {
    enqueue: (groups) => queue.enqueue(groups),
    claim: async (request) => {
      const isEmpty = request.limit <= 0 || request.kinds.length === 0;
      return isEmpty ? { tasks: [], more: false, suspectsWaiting: false, nextDueInMs: null } : claim(engine, request);
    },
    extend: async (leases, leaseMs) =>
      leases.length === 0 ? [] : engine.quietly((session) => extend(session, leases, { leaseMs, now: engine.now })),
    report: (reports) =>
      inTwoWays<LeasedReport>(reports, {
        isPlain: isPlainReport,
        plain: (plain) => engine.statement((session) => reportPlain(session, plain, engine.now), isFilled),
        rest: (rest) => inPieces(rest, report),
      }),
    settle: (settlements) =>
      inTwoWays<LeasedSettlement>(settlements, {
        isPlain: ({ settlement }) => settlement.type === "succeed",
        plain: (plain) => engine.statement((session) => settlePlain(session, plain, engine.now), isFilled),
        rest: (rest) => inPieces(rest, settle),
      }),
    expire: (limit) => engine.transaction((tx) => expire(tx, limit)),
    cancel: (asks) => inPieces(asks, cancel),
    change: (asks) => inPieces(asks, change),
    retry: (taskIds) => inPieces(taskIds, retry),
    signal: (asks) => inPieces(asks, signal),
    memo: (asks) => inPieces(asks, memo),
    markStale: (silentForMs, limit) => engine.transaction((tx) => markStale(tx, silentForMs, limit)),
    remove: (asks) => inPieces(asks, remove),
    setKind: async (asks) => {
      if (asks.length > 0) await engine.transaction((tx) => setKind(tx, asks));
    },
  };
}

function isFilled(answers: ReadonlyMap<string, unknown>): boolean {
  return answers.size > 0;
}

/** The two ways of an operation of lease holders. */
interface TwoWays<Ask> {
  readonly isPlain: (ask: Ask) => boolean;
  readonly plain: (asks: readonly Ask[]) => Promise<ReadonlyMap<string, LeaseAnswer>>;
  readonly rest: (asks: readonly Ask[]) => Promise<readonly LeaseAnswer[]>;
}

/** The short way for what it can do, then the long way, in order, for everything that it did not answer. */
async function inTwoWays<Ask extends { readonly taskId: string }>(
  asks: readonly Ask[],
  { isPlain, plain, rest }: TwoWays<Ask>,
): Promise<readonly LeaseAnswer[]> {
  const counts = new Map<string, number>();
  for (const { taskId } of asks) counts.set(taskId, (counts.get(taskId) ?? 0) + 1);
  const short = asks.filter((ask) => counts.get(ask.taskId) === 1 && isPlain(ask));
  const answered = short.length === 0 ? new Map<string, LeaseAnswer>() : await plain(short);
  const isAnswered = (ask: Ask): boolean => counts.get(ask.taskId) === 1 && answered.has(ask.taskId);
  const left = asks.filter((ask) => !isAnswered(ask));
  const long = left.length === 0 ? [] : await rest(left);
  const answers = new Map(left.map((ask, index) => [ask, long[index]]));
  return asks.map((ask) => {
    const answer = isAnswered(ask) ? answered.get(ask.taskId) : answers.get(ask);
    return answer ?? { status: "lost", why: "not-found" };
  });
}
