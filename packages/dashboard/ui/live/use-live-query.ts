import { keepPreviousData, useQuery, type QueryKey, type UseQueryResult } from "@tanstack/react-query";
import type { ApiProblem } from "../api/request.ts";
import { useIsPaused } from "./live-provider.tsx";

/** What is read, and how often besides when something happens. */
export interface LiveQuery<Answer> {
  readonly queryKey: QueryKey;
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<Answer>;
  /** @defaultValue 15_000 */
  readonly everyMs?: number;
  readonly isWanted?: boolean;
  /** Whether the answer to another question is shown until this one's is there. @defaultValue true */
  readonly keepsOld?: boolean;
}

/** Something of the API, read again when the stream tells of changes and now and then besides, but not while the page is paused. */
export function useLiveQuery<Answer>(query: LiveQuery<Answer>): UseQueryResult<Answer, ApiProblem> {
  const { queryKey, queryFn, everyMs = 15_000, isWanted = true, keepsOld = true } = query;
  const isPaused = useIsPaused();
  return useQuery<Answer, ApiProblem>({
    queryKey,
    queryFn,
    enabled: isWanted,
    refetchInterval: isPaused ? false : everyMs,
    refetchIntervalInBackground: false,
    ...(keepsOld ? { placeholderData: keepPreviousData } : {}),
  });
}
