import type { EventPage, TaskExplanation, TaskStep } from "@millrace/models";
import type { UseQueryResult } from "@tanstack/react-query";
import type { Attempt, ShownTask } from "../api/answers.ts";
import { pathPart, read, type ApiProblem } from "../api/request.ts";
import { useLiveQuery } from "../live/use-live-query.ts";

/** A task as a whole. */
export function useTask(taskId: string): UseQueryResult<ShownTask, ApiProblem> {
  return useLiveQuery<ShownTask>({
    queryKey: ["task", taskId],
    queryFn: ({ signal }) => read<ShownTask>(`tasks/${pathPart(taskId)}`, { signal }),
    everyMs: 30_000,
    keepsOld: false,
  });
}

/** Why it does not run, or where it does. */
export function useExplanation(taskId: string): UseQueryResult<TaskExplanation, ApiProblem> {
  return useLiveQuery<TaskExplanation>({
    queryKey: ["task-parts", taskId, "explain"],
    queryFn: ({ signal }) => read<TaskExplanation>(`tasks/${pathPart(taskId)}/explain`, { signal }),
    everyMs: 5_000,
    keepsOld: false,
  });
}

/** Its attempts that have ended, but the last. */
export function useAttempts(taskId: string): UseQueryResult<{ readonly attempts: readonly Attempt[] }, ApiProblem> {
  return useLiveQuery({
    queryKey: ["task-parts", taskId, "attempts"],
    queryFn: ({ signal }) =>
      read<{ readonly attempts: readonly Attempt[] }>(`tasks/${pathPart(taskId)}/attempts`, { signal }),
    everyMs: 30_000,
    keepsOld: false,
  });
}

/** What it said, the newest so many, oldest first. */
export function useSteps(
  taskId: string,
  limit: number,
): UseQueryResult<{ readonly steps: readonly TaskStep[]; readonly hasMore: boolean }, ApiProblem> {
  return useLiveQuery({
    queryKey: ["task-parts", taskId, "steps", limit],
    async queryFn({ signal }) {
      const path = `tasks/${pathPart(taskId)}/steps`;
      const pieces: TaskStep[] = [];
      let after: string | undefined;
      do {
        const page: { readonly steps: readonly TaskStep[]; readonly next: string | null } = await read(path, {
          query: { from: "newest", limit: Math.min(200, limit - pieces.length), after },
          signal,
        });
        pieces.push(...page.steps);
        after = page.next ?? undefined;
      } while (after !== undefined && pieces.length < limit);
      return {
        steps: pieces.toSorted((one, other) => one.attempt - other.attempt || one.n - other.n),
        hasMore: after !== undefined,
      };
    },
    everyMs: 30_000,
  });
}

/** What the journal has of it. */
export function useEvents(taskId: string, isWanted: boolean): UseQueryResult<EventPage, ApiProblem> {
  return useLiveQuery<EventPage>({
    queryKey: ["task-parts", taskId, "events"],
    queryFn: ({ signal }) => read<EventPage>(`tasks/${pathPart(taskId)}/events`, { query: { limit: 200 }, signal }),
    isWanted,
    keepsOld: false,
  });
}
