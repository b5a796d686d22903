import type { EnqueueGroup, EnqueueGroupResult, TaskStore } from "@millrace/models";
import { cancel } from "./operations/cancel.ts";
import { change } from "./operations/change.ts";
import { claim } from "./operations/claim.ts";
import { enqueue } from "./operations/enqueue.ts";
import { expire } from "./operations/expire.ts";
import { extend } from "./operations/extend.ts";
import { setKind } from "./operations/kinds.ts";
import { markStale } from "./operations/mark-stale.ts";
import { memo } from "./operations/memo.ts";
import { remove } from "./operations/remove.ts";
import { report } from "./operations/report.ts";
import { retry } from "./operations/retry.ts";
import { settle } from "./operations/settle.ts";
import { signal } from "./operations/signal.ts";
import type { GroupWriter } from "./transaction/group-writer.ts";
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

// A long list becomes several transactions: none holds the event loop, or the file, for long.
const mostAsks = 250;

/**
 * Every operation that changes something, each as work for the writer. `onEnqueue` is called when an enqueue has been sent:
 * a claim that it leads to in the same turn shares its transaction, and takes what was enqueued before it.
 */
export function createWrites(writer: GroupWriter, onEnqueue: () => void): Writes {
  const inPieces = <Ask, Answer>(
    asks: readonly Ask[],
    work: (tx: StoreTransaction, piece: readonly Ask[]) => readonly Answer[],
  ): Promise<readonly Answer[]> => pieces(writer, asks, work);
  return {
    enqueue(groups) {
      const enqueueing = enqueueAll(writer, groups);
      onEnqueue();
      return enqueueing;
    },
    claim: (request) => writer.run(request.limit, (tx) => claim(tx, request)),
    extend: (leases, leaseMs) => inPieces(leases, (tx, piece) => extend(tx, piece, leaseMs)),
    report: (reports) => inPieces(reports, report),
    settle: (settlements) => inPieces(settlements, settle),
    expire: (limit) => writer.run(limit, (tx) => expire(tx, limit)),
    cancel: (asks) => inPieces(asks, cancel),
    change: (asks) => inPieces(asks, change),
    retry: (taskIds) => inPieces(taskIds, retry),
    signal: (asks) => inPieces(asks, signal),
    memo: (asks) => inPieces(asks, memo),
    markStale: (silentForMs, limit) => writer.run(limit, (tx) => markStale(tx, silentForMs, limit)),
    remove: (asks) => inPieces(asks, remove),
    setKind: (asks) => (asks.length === 0 ? Promise.resolve() : writer.run(asks.length, (tx) => setKind(tx, asks))),
  };
}

async function pieces<Ask, Answer>(
  writer: GroupWriter,
  asks: readonly Ask[],
  work: (tx: StoreTransaction, piece: readonly Ask[]) => readonly Answer[],
): Promise<readonly Answer[]> {
  if (asks.length === 0) return [];
  if (asks.length <= mostAsks) return writer.run(asks.length, (tx) => work(tx, asks));
  const answers: Promise<readonly Answer[]>[] = [];
  for (let at = 0; at < asks.length; at += mostAsks) {
    const piece = asks.slice(at, at + mostAsks);
    answers.push(writer.run(piece.length, (tx) => work(tx, piece)));
  }
  return (await Promise.all(answers)).flat();
}

/** Groups are atomic, so they are never cut; many small ones share a transaction. */
function enqueueAll(writer: GroupWriter, groups: readonly EnqueueGroup[]): Promise<readonly EnqueueGroupResult[]> {
  const answers: Promise<readonly EnqueueGroupResult[]>[] = [];
  let piece: EnqueueGroup[] = [];
  let weight = 0;
  const send = (): void => {
    const sent = piece;
    if (sent.length > 0) answers.push(writer.run(weight, (tx) => enqueue(tx, sent)));
    piece = [];
    weight = 0;
  };
  for (const group of groups) {
    if (weight > 0 && weight + group.tasks.length > mostAsks) send();
    piece.push(group);
    weight += group.tasks.length;
  }
  send();
  const [only] = answers;
  // As it is: whoever hears of a task must hear of it before whoever claims it in the same transaction.
  return answers.length === 1 && only ? only : Promise.all(answers).then((all) => all.flat());
}
