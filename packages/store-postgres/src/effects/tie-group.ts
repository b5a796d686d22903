import { beforeFirstStage, groupTies, isFinal } from "@millrace/models";
import { getTask } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { dependencyEnded, isEnding } from "./dependency-ended.ts";
import { addEdges, type Edge } from "./edges.ts";
import type { Placing } from "./place-group.ts";

/** Adds the edges of a group, now that it is known which task answers for each request. */
export async function tieGroup(placing: Placing): Promise<void> {
  const { tx, requests, placed, refuse, counted } = placing;
  const tied = groupTies(requests, placed, refuse).map(({ id: waiter, dependencies }) => {
    const edges = dependencies.map(({ taskId: dependency, onFailure }, position): Edge => {
      return { waiter, dependency, stage: beforeFirstStage, position, onFailure };
    });
    return { id: waiter, edges };
  });
  await addEdges(
    tx,
    tied.flatMap(({ edges }) => edges),
  );
  for (const { id, edges } of tied) {
    await actOnEnded(
      tx,
      edges.filter(({ position }) => counted.get(id)?.has(position)),
    );
  }
}

/** Follows edges into tasks that had ended before the edge was made. */
export async function actOnEnded(tx: StoreTransaction, edges: readonly Edge[]): Promise<void> {
  for (const edge of edges) {
    const dependency = await getTask(tx, edge.dependency);
    if (!dependency || !isFinal(dependency.task.status)) continue;
    // Those that have just ended will follow their edges themselves.
    if (isEnding(tx, dependency)) continue;
    await dependencyEnded(tx, edge, dependency.task);
  }
}
