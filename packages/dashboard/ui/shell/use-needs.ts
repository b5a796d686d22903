import type { About, Aggregate } from "../api/answers.ts";
import { read } from "../api/request.ts";
import { useLiveQuery } from "../live/use-live-query.ts";
import type { PagePlace } from "./places.ts";

/** How much there is to look at, by page. */
export function useNeeds(about: About | undefined): Readonly<Partial<Record<PagePlace["to"], number>>> {
  const stale = useLiveQuery<Aggregate>({
    queryKey: ["aggregate", "state:stale"],
    queryFn: ({ signal }) => read<Aggregate>("aggregate", { query: { q: "state:stale" }, signal }),
    isWanted: about !== undefined,
  });
  return { "/tasks": stale.data?.total.count ?? 0 };
}
