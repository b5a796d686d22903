import { currentWait, type TaskId } from "@millrace/models";
import { getBySeq } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { edgesOfStage } from "./edges.ts";

/** The tasks that wait for each other in a circle through this one, itself first and last; null when there is none. */
export function findCircle(tx: StoreTransaction, start: number): readonly TaskId[] | null {
  const cameFrom = new Map<number, number>();
  const open: number[] = [start];
  for (let seq = open.pop(); seq !== undefined; seq = open.pop()) {
    for (const next of waitedFor(tx, seq)) {
      if (next === start) return pathTo(tx, seq, { cameFrom, start });
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, seq);
      open.push(next);
    }
  }
  return null;
}

function waitedFor(tx: StoreTransaction, seq: number): readonly number[] {
  const stored = getBySeq(tx, seq);
  const stage = stored ? currentWait(stored.task) : null;
  return stage === null ? [] : edgesOfStage(tx, seq, stage).map(({ dependency }) => dependency);
}

function pathTo(
  tx: StoreTransaction,
  last: number,
  { cameFrom, start }: { readonly cameFrom: ReadonlyMap<number, number>; readonly start: number },
): readonly TaskId[] {
  const path: number[] = [start];
  for (let seq: number | undefined = last; seq !== undefined && seq !== start; seq = cameFrom.get(seq)) {
    path.unshift(seq);
  }
  return [start, ...path].map((seq) => getBySeq(tx, seq)?.task.id ?? "");
}
