import type { Dependency, EnqueueRequest, EnqueueResult } from "../contracts/enqueue.ts";
import type { TaskId } from "../ids/task-id.ts";
import { findGroupCircle } from "./group-circle.ts";
import { dependencyCycle, type GroupRefusal } from "./group-refusals.ts";

/** Which task answers for a request of a group. */
type Placed = Pick<EnqueueResult, "disposition" | "replayed"> & { readonly taskId: TaskId };

/** A new task of a group, with the tasks that it waits for in the order of its request. */
export interface GroupTie {
  readonly id: TaskId;
  readonly dependencies: readonly Dependency[];
}

/**
 * How the new tasks of a group are tied to others, now that it is known which task answers for each request (`placed`, in their
 * order). A circle is refused; a task that was there before waits for none of the group.
 */
export function groupTies(
  requests: readonly EnqueueRequest[],
  placed: readonly Placed[],
  refuse: (refusal: GroupRefusal) => never,
): readonly GroupTie[] {
  const actual = new Map(requests.map(({ id }, index) => [id, placed[index]?.taskId ?? id]));
  const made = requests.filter(({ dependencies }, index) => {
    const one = placed[index];
    return one !== undefined && one.replayed !== true && one.disposition !== "reused" && dependencies.length > 0;
  });
  const ties = made.map(({ id, dependencies }) => {
    return { id, dependencies: dependencies.map((one) => ({ ...one, taskId: actual.get(one.taskId) ?? one.taskId })) };
  });
  const waits = ties.map(({ id, dependencies }) => [id, dependencies.map(({ taskId }) => taskId)] as const);
  const circle = findGroupCircle(new Map(waits));
  if (circle !== null) {
    const index = requests.findIndex(({ id }) => id === circle[0]);
    refuse(dependencyCycle(circle, index));
  }
  return ties;
}
