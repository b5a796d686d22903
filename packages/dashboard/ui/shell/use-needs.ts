import { useOverview } from "../api/use-overview.ts";
import type { PagePlace } from "./places.ts";

const pageOf: Readonly<Record<string, PagePlace["page"]>> = {
  failing: "errors",
  stale: "tasks",
  "host-lost": "hosts",
  "host-late": "hosts",
  unserved: "kinds",
  "dispatch-stalled": "kinds",
  "long-wait": "kinds",
  "schedule-missed": "schedules",
};

/** How much there is to look at, by page. */
export function useNeeds(): Readonly<Partial<Record<PagePlace["page"], number>>> {
  const { data } = useOverview("1h");
  const needs: Partial<Record<PagePlace["page"], number>> = {};
  for (const { code, count } of data?.attention ?? []) {
    const page = pageOf[code] ?? "overview";
    needs[page] = (needs[page] ?? 0) + (code === "stale" ? (count ?? 1) : 1);
  }
  return needs;
}
