import { setInterval } from "node:timers/promises";
import type { TaskClient, TaskId, TaskSnapshot } from "@millrace/models";

export interface WatchRequest {
  readonly client: Pick<TaskClient, "listSnapshots">;
  /** In the order in which they are shown; the last one ends the watching. */
  readonly taskIds: readonly TaskId[];
  readonly everyMs: number;
  readonly signal: AbortSignal;
  readonly onPicture: (snapshots: readonly TaskSnapshot[]) => void;
}

/**
 * Looks at the tasks until the last of them has ended, and answers with them as they then stand; `null` when it was
 * told to stop before.
 */
export async function watchRun(request: WatchRequest): Promise<readonly TaskSnapshot[] | null> {
  const { everyMs, signal, onPicture, taskIds } = request;
  try {
    for await (const _tick of setInterval(everyMs, null, { signal })) {
      const snapshots = await look(request);
      onPicture(snapshots);
      if (snapshots.length === taskIds.length && isFinal(snapshots.at(-1))) return snapshots;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return null;
}

async function look({ client, taskIds }: WatchRequest): Promise<readonly TaskSnapshot[]> {
  const { snapshots } = await client.listSnapshots({ taskIds, limit: taskIds.length });
  const byId = new Map(snapshots.map((snapshot) => [snapshot.id, snapshot]));
  return taskIds.flatMap((id) => byId.get(id) ?? []);
}

function isFinal(snapshot: TaskSnapshot | undefined): boolean {
  return snapshot !== undefined && ["succeeded", "failed", "cancelled"].includes(snapshot.status);
}
