import type { EventPage, TaskExplanation, TaskStep } from "@millrace/models";
import type { UseQueryResult } from "@tanstack/react-query";
import type { Attempt, ShownTask } from "../api/answers.ts";
import { pathPart, read, type ApiProblem } from "../api/request.ts";
import { useLiveQuery } from "../live/use-live-query.ts";

/** A task as a whole. */
export function useTask(taskId: string): UseQueryResult<ShownTask, ApiProblem> {
  return useLiveQuery<ShownTask>({
    queryKey: ["task", taskId],
    path: `tasks/${pathPart(taskId)}`,
    everyMs: 30_000,
    keepsOld: false,
  });
}

/** Why it does not run, or where it does. */
export function useExplanation(taskId: string): UseQueryResult<TaskExplanation, ApiProblem> {
  return useLiveQuery<TaskExplanation>({
    queryKey: ["task-parts", taskId, "explain"],
    path: `tasks/${pathPart(taskId)}/explain`,
    everyMs: 5_000,
    keepsOld: false,
  });
}

/** Its attempts that have ended, but the last. */
export function useAttempts(taskId: string): UseQueryResult<{ readonly attempts: readonly Attempt[] }, ApiProblem> {
  return useLiveQuery({
    queryKey: ["task-parts", taskId, "attempts"],
    path: `tasks/${pathPart(taskId)}/attempts`,
    everyMs: 30_000,
    keepsOld: false,
  });
}

/** What it said, the newest so many, oldest first. */
export function useSteps(
  taskId: string,
  limit: number,
): UseQueryResult<{ readonly steps: readonly TaskStep[]; readonly hasMore: boolean }, ApiProblem> {
  const query = {
    queryKey: ["task-parts", taskId, "steps", limit],
    path: `tasks/${pathPart(taskId)}/steps`,
    everyMs: 30_000,
  };
  return useLiveQuery(query, async (path, asking) => {
    const pieces: TaskStep[] = [];
    let after: string | undefined;
    do {
      const page: { readonly steps: readonly TaskStep[]; readonly next: string | null } = await read(path, {
        ...asking,
        query: { from: "newest", limit: Math.min(200, limit - pieces.length), after },
      });
      pieces.push(...page.steps);
      after = page.next ?? undefined;
    } while (after !== undefined && pieces.length < limit);
    return {
      steps: pieces.toSorted((one, other) => one.attempt - other.attempt || one.n - other.n),
      hasMore: after !== undefined,
    };
  });
}

/** What the journal has of it. */
export function useEvents(taskId: string, isWanted: boolean): UseQueryResult<EventPage, ApiProblem> {
  return useLiveQuery<EventPage>({
    queryKey: ["task-parts", taskId, "events"],
    path: `tasks/${pathPart(taskId)}/events`,
    query: { limit: 200 },
    isWanted,
    keepsOld: false,
  });
}
