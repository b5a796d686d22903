import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { setServerTime } from "../live/use-now.ts";
import type { About } from "./answers.ts";
import { read, type ApiProblem } from "./request.ts";

/** Who looks, and what they may: asked once, and again now and then. */
export function useAbout(): UseQueryResult<About, ApiProblem> {
  return useQuery<About, ApiProblem>({
    queryKey: ["about"],
    async queryFn({ signal }) {
      const about = await read<About>("../v1", { signal });
      setServerTime(about.now);
      return about;
    },
    staleTime: 60_000,
    refetchInterval: 60_000,
  });
}

/** Why something may not be done by whoever looks; null when it may. */
export function obstacleOf(about: About | undefined, right: string): string | null {
  if (!about) return "Who you are here is not known yet.";
  if (about.readOnly) return "This dashboard only reads.";
  return about.rights.includes(right) ? null : `You lack the right "${right}".`;
}

/** Why something may not be done by whoever looks; null when it may. */
export function useObstacle(right: string): string | null {
  return obstacleOf(useAbout().data, right);
}
