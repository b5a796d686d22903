import { keepPreviousData, useQuery, type QueryKey, type UseQueryResult } from "@tanstack/react-query";
import { read, type ApiProblem, type Asking } from "../api/request.ts";
import { useIsPaused } from "./live-provider.tsx";

/** What is read, and how often besides when something happens. */
export interface LiveQuery {
  readonly queryKey: QueryKey;
  /** Relative to `v1/`. */
  readonly path: string;
  readonly query?: NonNullable<Asking["query"]>;
  /** @defaultValue 15_000 */
  readonly everyMs?: number;
  readonly isWanted?: boolean;
  /** Whether the answer to another question is shown until this one's is there. @defaultValue true */
  readonly keepsOld?: boolean;
}

/**
 * Something of the API, read again when the stream tells of changes and now and then besides, but not while the page is paused. `readAll`
 * is for what takes more than one request.
 */
export function useLiveQuery<Answer>(
  { queryKey, path, query = {}, everyMs = 15_000, isWanted = true, keepsOld = true }: LiveQuery,
  readAll: (path: string, asking: Asking) => Promise<Answer> = read,
): UseQueryResult<Answer, ApiProblem> {
  const isPaused = useIsPaused();
  return useQuery<Answer, ApiProblem>({
    queryKey,
    queryFn: ({ signal }) => readAll(path, { query, signal }),
    enabled: isWanted,
    refetchInterval: isPaused ? false : everyMs,
    refetchIntervalInBackground: false,
    ...(keepsOld ? { placeholderData: keepPreviousData } : {}),
  });
}
