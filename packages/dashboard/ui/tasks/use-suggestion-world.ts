import type { HostRecord, KindRecord } from "@millrace/models";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { TaskPage } from "../api/answers.ts";
import { read } from "../api/request.ts";
import type { SuggestionWorld } from "../query/suggestions.ts";

/** What the store knows of kinds and hosts, and what stands in the rows that were read. */
export function useSuggestionWorld(): SuggestionWorld {
  const client = useQueryClient();
  const once = { staleTime: 60_000, retry: false } as const;
  const kinds = useQuery({
    queryKey: ["kinds"],
    queryFn: ({ signal }) => read<{ readonly kinds: readonly KindRecord[] }>("kinds", { signal }),
    ...once,
  });
  const hosts = useQuery({
    queryKey: ["hosts"],
    queryFn: ({ signal }) => read<{ readonly hosts: readonly HostRecord[] }>("hosts", { signal }),
    ...once,
  });
  return useMemo(() => {
    const rows = client.getQueriesData<TaskPage>({ queryKey: ["tasks"] }).flatMap(([, page]) => page?.tasks ?? []);
    return {
      kinds: unique([...(kinds.data?.kinds.map(({ kind }) => kind) ?? []), ...rows.map(({ kind }) => kind)]),
      hosts: unique(hosts.data?.hosts.map(({ hostId }) => hostId) ?? []),
      tags: unique(rows.flatMap(({ tags }) => tags)).slice(0, 200),
      schedules: unique(
        rows.flatMap(({ origin }) => (origin.type === "schedule" && origin.id !== null ? [origin.id] : [])),
      ),
    };
  }, [client, kinds.data, hosts.data]);
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].toSorted();
}
