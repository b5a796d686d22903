import { useEffect, useMemo, useRef, useState } from "react";
import type { Aggregate, ListedTask, TaskPage } from "../api/answers.ts";
import type { ApiProblem } from "../api/request.ts";
import { useLiveQuery } from "../live/use-live-query.ts";
import { rowsToShow } from "./row-order.ts";

/** Rows of one page of the list. */
const pageSize = 100;

/** A page of the list, and the way to the others. */
export interface TaskPageView {
  readonly rows: readonly ListedTask[] | null;
  /** New ones that wait behind the rows that are held. */
  readonly fresh: number;
  readonly searched: number | null;
  readonly problem: ApiProblem | null;
  readonly isFirst: boolean;
  readonly hasNext: boolean;
  older(): void;
  newer(): void;
  /** Shows what is new. */
  showFresh(): void;
}

/** Reads a page of a query and keeps its rows where they are while `isHeld`. */
export function useTaskPage(q: string, isHeld: boolean): TaskPageView {
  const [places, setPlaces] = useState<readonly string[]>([]);
  useEffect(() => setPlaces([]), [q]);
  const after = places.at(-1);
  const { data, error, isPlaceholderData } = useLiveQuery<TaskPage>({
    queryKey: ["tasks", q, after ?? ""],
    path: "tasks",
    query: { q, limit: pageSize, after },
  });
  const held = useRef<{ readonly key: string; readonly rows: readonly ListedTask[] } | null>(null);
  const [, redraw] = useState(0);
  const key = `${q} ${after ?? ""}`;
  const shown = useMemo(() => {
    if (!data) return null;
    const before = held.current?.key === key && !isPlaceholderData ? held.current.rows : null;
    return rowsToShow(before, data.tasks, isHeld);
  }, [data, key, isHeld, isPlaceholderData]);
  useEffect(() => {
    if (shown && !isPlaceholderData) held.current = { key, rows: shown.rows };
  }, [shown, key, isPlaceholderData]);
  return {
    rows: shown?.rows ?? null,
    fresh: shown?.fresh ?? 0,
    searched: data?.searched ?? null,
    problem: error,
    isFirst: places.length === 0,
    hasNext: data?.next !== null && data?.next !== undefined,
    older: () => setPlaces((all) => (data?.next ? [...all, data.next] : all)),
    newer: () => setPlaces((all) => all.slice(0, -1)),
    showFresh() {
      held.current = null;
      redraw((count) => count + 1);
    },
  };
}

/** How many tasks match a query, and where they stand. */
export function useAggregate(q: string): {
  readonly counts: Aggregate | undefined;
  readonly problem: ApiProblem | null;
} {
  const { data, error } = useLiveQuery<Aggregate>({
    queryKey: ["aggregate", q],
    path: "aggregate",
    query: { q },
    everyMs: 10_000,
  });
  return { counts: data, problem: error };
}
