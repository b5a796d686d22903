import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { ApiProblem } from "../api/request.ts";
import { useAbout } from "../api/use-about.ts";
import { Loading, ProblemNote } from "../controls/notes.tsx";
import { useLiveQuery } from "../live/use-live-query.ts";
import { Panel } from "./panel.tsx";

/** A panel about the whole store: whoever is kept to a tenant is not shown it, and nobody one that has nothing to say. */
export function StorePanel<Answer>({
  title,
  path,
  children,
}: {
  readonly title: string;
  readonly path: string;
  readonly children: (answer: Answer) => ReactElement | null;
}): ReactElement | null {
  const isWhole = useAbout().data?.tenantId === null;
  const { data, error } = useStoreAnswer<Answer>(path, isWhole);
  const shown = data === undefined ? undefined : children(data);
  if (!isWhole || shown === null) return null;
  return <Panel title={title}>{error ? <ProblemNote problem={error} /> : (shown ?? <Loading lines={4} />)}</Panel>;
}

/** What the API says of the whole store under a path. */
export function useStoreAnswer<Answer>(path: string, isWanted = true): UseQueryResult<Answer, ApiProblem> {
  return useLiveQuery<Answer>({
    queryKey: [path],
    path,
    everyMs: 30_000,
    isWanted,
  });
}
