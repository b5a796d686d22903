import { isTaskId, type LeaseAnswer, type LeasedReport, type LeasedSettlement, type TaskStore } from "@millrace/models";
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
        plain: (plain) => engine.statement((session) => reportPlain(session, plain, engine.now), isAnyAnswered),
        rest: (rest) => inPieces(rest, report),
      }),
    settle: (settlements) =>
      inTwoWays<LeasedSettlement>(settlements, {
        isPlain: ({ taskId, settlement }) => settlement.type === "succeed" && isTaskId(taskId),
        plain: (plain) => engine.statement((session) => settlePlain(session, plain, engine.now), isAnyAnswered),
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

function isAnyAnswered(answers: PlainAnswers): boolean {
  return answers.some((answer) => answer !== null);
}

/** For each ask the answer, or null where the short way has none. */
type PlainAnswers = readonly (LeaseAnswer | null)[];

/** The two ways of an operation of lease holders. */
interface TwoWays<Ask> {
  readonly isPlain: (ask: Ask) => boolean;
  /** Is given each task once, in the order of the ids. */
  readonly plain: (asks: readonly Ask[]) => Promise<PlainAnswers>;
  readonly rest: (asks: readonly Ask[]) => Promise<readonly LeaseAnswer[]>;
}

/** The short way for what it can do, then the long way, in order, for everything that it did not answer. */
async function inTwoWays<Ask extends { readonly taskId: string }>(
  asks: readonly Ask[],
  { isPlain, plain, rest }: TwoWays<Ask>,
): Promise<readonly LeaseAnswer[]> {
  // In the order of the ids, as everybody locks; two asks about one task stand beside each other.
  const sorted = asks.map((ask, place) => ({ ask, place })).toSorted((a, b) => (a.ask.taskId < b.ask.taskId ? -1 : 1));
  const isAlone = ({ ask }: { readonly ask: Ask }, index: number): boolean =>
    ask.taskId !== sorted[index - 1]?.ask.taskId && ask.taskId !== sorted[index + 1]?.ask.taskId;
  const short = sorted.filter((one, index) => isPlain(one.ask) && isAlone(one, index));
  const answers: (LeaseAnswer | null)[] = asks.map(() => null);
  if (short.length > 0) {
    const answered = await plain(short.map(({ ask }) => ask));
    for (const [index, { place }] of short.entries()) answers[place] = answered[index] ?? null;
  }
  const left = asks.filter((_, place) => answers[place] === null);
  const long = left.length === 0 ? [] : await rest(left);
  let next = 0;
  return answers.map((answer) => answer ?? long[next++] ?? { status: "lost", why: "not-found" });
}
