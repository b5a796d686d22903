import type { UseQueryResult } from "@tanstack/react-query";
import type { Overview } from "./answers.ts";
import { read, type ApiProblem } from "./request.ts";
import { useLiveQuery } from "../live/use-live-query.ts";

/** The times that the overview can look back. */
export const windows = ["15m", "1h", "6h", "24h"] as const;
/** One of them. */
export type OverviewWindow = (typeof windows)[number];

/** The numbers of a window. */
export function useOverview(window: OverviewWindow): UseQueryResult<Overview, ApiProblem> {
  return useLiveQuery<Overview>({
    queryKey: ["overview", window],
    queryFn: ({ signal }) => read<Overview>("overview", { query: { window }, signal }),
  });
}
