import type { TaskId } from "@millrace/models";
import type { Row } from "../connection/session.ts";
import { type StoredTask, storedTask } from "../row/task-row.ts";

/**
 * Tasks of the queue as they are. A change that was committed while the statement ran is in the row of the queue, which it
 * locked, but not yet in the record it read beside it: their `versions` tell, and then the record is read again.
 */
export async function currentOf(
  found: readonly StoredTask[],
  by: { readonly versions: readonly number[]; readonly read: (ids: readonly TaskId[]) => Promise<readonly Row[]> },
): Promise<readonly StoredTask[]> {
  const outdated = found.filter(({ task }, index) => task.version !== by.versions[index]).map(({ task }) => task.id);
  if (outdated.length === 0) return found;
  const current = new Map((await by.read(outdated)).map((row) => [String(row[0]), storedTask(row)]));
  return found.map((stored) => current.get(stored.task.id) ?? stored);
}
