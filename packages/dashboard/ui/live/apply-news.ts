import type { QueryClient } from "@tanstack/react-query";
import type { TaskLifecycleEvent } from "@millrace/models";
import type { ListedTask, ShownTask, TaskPage } from "../api/answers.ts";

/** Puts what an event brings into a page of the list; the same page when it concerns none of its rows. Pure. */
export function patchedPage(page: TaskPage, events: readonly TaskLifecycleEvent[]): TaskPage {
  const newest = new Map(events.flatMap((event) => (event.snapshot ? [[event.taskId, event.snapshot] as const] : [])));
  const isHit = page.tasks.some(({ id, version }) => (newest.get(id)?.version ?? -1) > version);
  if (!isHit) return page;
  return { ...page, tasks: page.tasks.map((task) => patchedRow(task, newest.get(task.id))) };
}

function patchedRow(task: ListedTask, snapshot: TaskLifecycleEvent["snapshot"] | undefined): ListedTask {
  if (!snapshot || snapshot.version <= task.version) return task;
  const { input: _input, output: _output, handlerState: _state, failure, ...rest } = snapshot;
  // What may be done to it now, only the API says: it is read again in a moment.
  return {
    ...task,
    ...rest,
    failure: failure && { name: failure.name, message: failure.message, code: failure.code ?? null },
  };
}

/** Puts what an event brings into a task that is shown whole; its values stay as they were read. Pure. */
export function patchedTask(task: ShownTask, events: readonly TaskLifecycleEvent[]): ShownTask {
  return events.reduce((now, { taskId, snapshot }) => {
    if (taskId !== now.id || !snapshot || snapshot.version <= now.version) return now;
    const { input: _input, output: _output, handlerState: _state, ...rest } = snapshot;
    return { ...now, ...rest };
  }, task);
}

/** Whether a task must be read again: its values or what may be done to it may be others now. */
export function mustReadAgain(before: ShownTask, events: readonly TaskLifecycleEvent[]): boolean {
  return events.some(({ taskId, event, version }) => {
    const isQuiet = event === "progress" || event === "step" || event === "checkpoint";
    return taskId === before.id && version > before.version && !isQuiet;
  });
}

/** Shows events at once where they concern what is on the screen. Answers the ids of tasks that are to be read again. */
export function applyEvents(client: QueryClient, events: readonly TaskLifecycleEvent[]): void {
  client.setQueriesData<TaskPage>({ queryKey: ["tasks"] }, (page) => page && patchedPage(page, events));
  for (const [key, task] of client.getQueriesData<ShownTask>({ queryKey: ["task"] })) {
    if (!task) continue;
    const again = mustReadAgain(task, events);
    const patched = patchedTask(task, events);
    if (patched !== task) client.setQueryData(key, patched);
    if (again) void client.invalidateQueries({ queryKey: key }, { cancelRefetch: false });
    const isTouched = events.some(({ taskId }) => taskId === task.id);
    if (isTouched) void client.invalidateQueries({ queryKey: ["task-parts", task.id] }, { cancelRefetch: false });
  }
}
