import type { UseQueryResult } from "@tanstack/react-query";
import type { Overview } from "./answers.ts";
import type { OverviewWindow } from "./overview-window.ts";
import type { ApiProblem } from "./request.ts";
import { useLiveQuery } from "../live/use-live-query.ts";

/** The numbers of a window. */
export function useOverview(window: OverviewWindow): UseQueryResult<Overview, ApiProblem> {
  return useLiveQuery<Overview>({
    queryKey: ["overview", window],
    path: "overview",
    query: { window },
  });
}
