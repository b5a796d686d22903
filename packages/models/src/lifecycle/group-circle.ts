import type { TaskId } from "../ids/task-id.ts";

/**
 * The tasks of a new group that wait for each other in a circle, the first of them first and last; null when there is none. `waits`
 * says of each task what it waits for; what is not in it was there before the group, and so waits for none of it.
 *
 * Kahn's algorithm: whoever waits for nobody is taken out, again and again; in what is left each waits for another of it.
 */
export function findGroupCircle(waits: ReadonlyMap<TaskId, readonly TaskId[]>): readonly TaskId[] | null {
  const left = leftOver(waits);
  const [first] = left;
  if (first === undefined) return null;
  const path: TaskId[] = [];
  const places = new Map<TaskId, number>();
  let at = first;
  while (!places.has(at)) {
    places.set(at, path.length);
    path.push(at);
    at = waits.get(at)?.find((next) => left.has(next)) ?? at;
  }
  return fromTheFirst(path.slice(places.get(at)), waits);
}

function leftOver(waits: ReadonlyMap<TaskId, readonly TaskId[]>): ReadonlySet<TaskId> {
  const left = new Set(waits.keys());
  const waiters = new Map<TaskId, TaskId[]>();
  const openOf = new Map<TaskId, number>();
  for (const [id, dependencies] of waits) {
    const inside = dependencies.filter((dependency) => waits.has(dependency));
    openOf.set(id, inside.length);
    for (const dependency of inside) listOf(waiters, dependency).push(id);
  }
  const free = [...left].filter((id) => openOf.get(id) === 0);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    left.delete(id);
    for (const waiter of waiters.get(id) ?? []) {
      const open = (openOf.get(waiter) ?? 0) - 1;
      openOf.set(waiter, open);
      if (open === 0) free.push(waiter);
    }
  }
  return left;
}

function listOf(waiters: Map<TaskId, TaskId[]>, id: TaskId): TaskId[] {
  const known = waiters.get(id);
  if (known) return known;
  const list: TaskId[] = [];
  waiters.set(id, list);
  return list;
}

/** The circle from the task of it that stands first in the group. */
function fromTheFirst(circle: readonly TaskId[], waits: ReadonlyMap<TaskId, unknown>): readonly TaskId[] {
  const inCircle = new Set(circle);
  const first = [...waits.keys()].find((id) => inCircle.has(id)) ?? "";
  const at = circle.indexOf(first);
  return [...circle.slice(at), ...circle.slice(0, at), first];
}
