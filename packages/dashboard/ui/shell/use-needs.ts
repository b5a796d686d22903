import { useOverview } from "../api/use-overview.ts";
import type { PagePlace } from "./places.ts";

const pageOf: Readonly<Record<string, PagePlace["to"]>> = {
  failing: "/errors",
  stale: "/tasks",
  "host-lost": "/hosts",
  "host-late": "/hosts",
  unserved: "/kinds",
  "dispatch-stalled": "/kinds",
  "long-wait": "/kinds",
  "schedule-missed": "/schedules",
};

/** How much there is to look at, by page. */
export function useNeeds(): Readonly<Partial<Record<PagePlace["to"], number>>> {
  const { data } = useOverview("1h");
  const needs: Partial<Record<PagePlace["to"], number>> = {};
  for (const { code, count } of data?.attention ?? []) {
    const page = pageOf[code] ?? "/";
    needs[page] = (needs[page] ?? 0) + (code === "stale" ? (count ?? 1) : 1);
  }
  return needs;
}
