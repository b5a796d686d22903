import type { ReactElement } from "react";
import type { ListedTask } from "../api/answers.ts";
import { ActionButton } from "../controls/action-button.tsx";
import { navigate } from "../routes/current-route.ts";
import { hrefOf, type Route } from "../routes/route.ts";
import { leaveTask, taskPlace } from "../routes/task-place.ts";
import { useHotkeys } from "../shell/hotkeys.ts";
import { TaskView } from "../task/task-view.tsx";
import { useTask } from "../task/use-task.ts";
import { useSplitter } from "./splitter.tsx";

/** A task beside the list that it was opened from, and the way to its neighbours there. */
export function Inspector({
  taskId,
  rows,
}: {
  readonly taskId: string;
  readonly rows: readonly ListedTask[];
}): ReactElement {
  const { data: task } = useTask(taskId);
  const [width, splitter] = useSplitter();
  const at = rows.findIndex(({ id }) => id === taskId);
  const [before, after] = at === -1 ? [] : [rows[at - 1]?.id, rows[at + 1]?.id];
  const page: Route = { page: "task", taskId };
  const go = (id: string | null | undefined): void => {
    if (!id) return;
    navigate(taskPlace(id), { replace: true });
    focusRow(id);
  };
  const close = (): void => {
    leaveTask();
    focusRow(taskId);
  };
  useHotkeys({
    j: () => go(after),
    k: () => go(before),
    u: () => go(task?.parentId),
    f: () => navigate(page),
    Escape: close,
  });
  return (
    <div className="sticky top-12 -mt-4 -mr-6 -mb-8 h-[calc(100dvh-3rem)] max-w-[60vw] shrink-0" style={{ width }}>
      {splitter}
      <section aria-label="Inspector" className="h-full overflow-y-auto border-l border-line">
        <div className="sticky top-0 z-10 flex h-11 items-center gap-1 border-b border-line bg-bg px-3">
          <ActionButton look="quiet" hotkey="J" disabled={!after} onClick={() => go(after)}>
            Next
          </ActionButton>
          <ActionButton look="quiet" hotkey="K" disabled={!before} onClick={() => go(before)}>
            Previous
          </ActionButton>
          <div className="grow" />
          <a href={hrefOf(page)} className="button button-quiet no-underline!" aria-keyshortcuts="F">
            Full page
            <kbd className="key" aria-hidden="true">
              F
            </kbd>
          </a>
          <ActionButton look="quiet" hotkey="Esc" onClick={close}>
            Close
          </ActionButton>
        </div>
        <div className="px-4 py-3">
          <TaskView key={taskId} taskId={taskId} isBeside />
        </div>
      </section>
    </div>
  );
}

/** Where the keyboard goes on; a row that is out of sight does without. */
function focusRow(taskId: string): void {
  document.querySelector<HTMLElement>(`[data-task="${CSS.escape(taskId)}"] [data-row]`)?.focus({ preventScroll: true });
}
