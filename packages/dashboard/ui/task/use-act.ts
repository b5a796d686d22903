import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ShownTask, TaskAction } from "../api/answers.ts";
import { pathPart, send, type ApiProblem } from "../api/request.ts";
import { useToast } from "../controls/toasts.tsx";
import { leaveTask } from "../routes/task-place.ts";

/** What was done, for the note at the edge of the page. */
const said: Readonly<Partial<Record<TaskAction, string>>> = {
  retry: "It runs again.",
  cancel: "Asked to stop.",
  terminate: "Taken from its host.",
  remove: "Removed.",
  pause: "Paused.",
  resume: "It goes on.",
};

/** Does something to a task, one at a time, and says what came of it. */
export function useAct(task: Pick<ShownTask, "id">): {
  readonly busy: TaskAction | null;
  act(action: TaskAction, body?: Readonly<Record<string, unknown>>): void;
} {
  const [busy, setBusy] = useState<TaskAction | null>(null);
  const client = useQueryClient();
  const toast = useToast();
  const run = async (action: TaskAction, body: Readonly<Record<string, unknown>>): Promise<void> => {
    const path = `tasks/${pathPart(task.id)}`;
    setBusy(action);
    try {
      if (action === "remove") {
        await send(path, undefined, { method: "DELETE" });
        client.removeQueries({ queryKey: ["task", task.id] });
        leaveTask();
      } else {
        const now = await send<ShownTask>(`${path}/${action}`, body);
        client.setQueryData<ShownTask>(["task", task.id], (before) =>
          before && before.version > now.version ? before : now,
        );
      }
      toast({ text: said[action] ?? "Done.", ms: 3_000 });
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "about" });
    } catch (error) {
      const { message, fix } = error as ApiProblem;
      toast({ text: `${message} ${fix}`, tone: "bad" });
    } finally {
      setBusy(null);
    }
  };
  return { busy, act: (action, body = {}) => void (busy === null && run(action, body)) };
}
