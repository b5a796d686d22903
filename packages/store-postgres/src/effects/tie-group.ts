import { beforeFirstStage, dependencyCycle, isFinal } from "@millrace/models";
import { getTask } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { dependencyEnded } from "./dependency-ended.ts";
import { addEdges, type Edge, edgesOfStage } from "./edges.ts";
import { findCircle } from "./find-circle.ts";
import type { Placing } from "./place-group.ts";

/** Adds the edges of a group, now that it is known which task answers for each request. */
export async function tieGroup(placing: Placing): Promise<void> {
  const { tx, requests, placed, refuse, counted } = placing;
  const actual = new Map(requests.map(({ id }, index) => [id, placed[index]?.taskId]));
  const made = requests.flatMap((request, index) => {
    const one = placed[index];
    const isNew = one && one.replayed !== true && one.disposition !== "reused" && request.dependencies.length > 0;
    return isNew ? [{ request, index, id: one.taskId }] : [];
  });
  const edges = made.flatMap(({ request, id }) =>
    request.dependencies.map(({ taskId, onFailure }, position): Edge => {
      return { waiter: id, dependency: actual.get(taskId) ?? taskId, stage: beforeFirstStage, position, onFailure };
    }),
  );
  await addEdges(tx, edges);
  for (const { id, index } of made) {
    const circle = await findCircle(tx, id);
    if (circle !== null) refuse(dependencyCycle(circle, index));
  }
  for (const { id, request } of made) {
    const ofTask = await edgesOfStage(tx, id, beforeFirstStage);
    await actOnEnded(
      tx,
      ofTask.filter(({ position }) => counted.get(request.id)?.has(position)),
    );
  }
}

/** Follows edges into tasks that had ended before the edge was made. */
export async function actOnEnded(tx: StoreTransaction, edges: readonly Edge[]): Promise<void> {
  for (const edge of edges) {
    const dependency = await getTask(tx, edge.dependency);
    if (!dependency || !isFinal(dependency.task.status)) continue;
    // Those that ended within this item will follow their edges themselves.
    if (tx.ended.includes(dependency.task.id)) continue;
    await dependencyEnded(tx, edge, dependency.task);
  }
}
