import type { PageCursor, TaskClient, TaskOrder, TaskSnapshot } from "@millrace/models";
import { passes, type QueryPlan } from "./plan-query.ts";

/** Which page of a search. */
export interface SearchPage {
  readonly limit: number;
  readonly orderBy: TaskOrder;
  readonly after: PageCursor | null;
  /** How many tasks may be looked at. */
  readonly most: number;
}

/** What a search found. */
export interface SearchAnswer {
  readonly tasks: readonly TaskSnapshot[];
  readonly next: PageCursor | null;
  /** The place in the journal at which the first part is true. */
  readonly cursor: string;
  /** How many tasks were looked at; null when an index knew them all. */
  readonly searched: number | null;
}

const pieceSize = 200;

/** A page of a search: of the store's index, and where that does not know all, of so many tasks that were looked at. */
export async function searchTasks(
  client: Pick<TaskClient, "listTasks">,
  { filter, tests, includeValues }: QueryPlan,
  { limit, orderBy, after, most }: SearchPage,
): Promise<SearchAnswer> {
  const read = (count: number, from: PageCursor | null) =>
    client.listTasks({
      ...filter,
      limit: count,
      orderBy,
      includeValues,
      ...(from === null ? {} : { after: from }),
    });
  if (tests.length === 0) {
    const { snapshots, next, cursor } = await read(limit, after);
    return { tasks: snapshots, next, cursor, searched: null };
  }
  const tasks: TaskSnapshot[] = [];
  let [next, cursor, searched] = [after, "", 0];
  do {
    const from = next;
    const piece = await read(Math.min(pieceSize, most - searched), from);
    if (searched === 0) cursor = piece.cursor;
    const wanted = limit - tasks.length;
    const hits = piece.snapshots.flatMap((task, index) => (passes(task, tests) ? [index] : []));
    tasks.push(...hits.slice(0, wanted).flatMap((index) => piece.snapshots[index] ?? []));
    const last = hits[wanted - 1];
    if (last === undefined || hits.length === wanted) {
      searched += piece.snapshots.length;
      next = piece.next;
    } else {
      // The page ends within this piece: only the store can say how to go on behind a task.
      searched += last + 1;
      next = (await read(last + 1, from)).next;
    }
  } while (next !== null && tasks.length < limit && searched < most);
  return { tasks, next, cursor, searched };
}
