import type { ReactElement } from "react";
import { navigate } from "../routes/current-route.ts";
import { leaveTask, taskPlace } from "../routes/task-place.ts";
import { useHotkeys } from "../shell/hotkeys.ts";
import { lastList } from "../tasks/last-list.ts";
import { TaskView } from "./task-view.tsx";
import { useTask } from "./use-task.ts";

/** One task: where it stands and why, what went on when, what went in and what came out. */
export function TaskPage({ taskId }: { readonly taskId: string }): ReactElement {
  const { data: task } = useTask(taskId);
  const go = (id: string | null | undefined): void => {
    if (id) navigate(taskPlace(id));
  };
  useHotkeys({
    j: () => go(lastList.beside(taskId, 1)),
    k: () => go(lastList.beside(taskId, -1)),
    u: () => go(task?.parentId),
    Escape: leaveTask,
  });
  return <TaskView key={taskId} taskId={taskId} />;
}
