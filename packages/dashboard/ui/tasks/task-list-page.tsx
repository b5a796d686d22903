import { lazy, Suspense, useEffect, useMemo, useState, type ReactElement } from "react";
import { EmptyNote, ProblemNote } from "../controls/notes.tsx";
import { atLeastText, countText } from "../format/numbers.ts";
import { termsOf, withoutTerm } from "../query/query-text.ts";
import { navigate } from "../routes/current-route.ts";
import { MatchHistogram } from "./histogram.tsx";
import { lastList } from "./last-list.ts";
import { QueryBox } from "./query-box.tsx";
import type { Selection } from "./selection.ts";
import { SelectionBar } from "./selection-bar.tsx";
import { StateCounts } from "./state-counts.tsx";
import { TaskRows } from "./task-rows.tsx";
import { useIsScrolled } from "./use-is-scrolled.ts";
import { useAggregate, useTaskPage } from "./use-task-page.ts";

const search = (q: string): void => navigate({ page: "tasks", q });

const Inspector = lazy(async () => ({ default: (await import("./inspector.tsx")).Inspector }));

/** Tasks of a query: how many stand where, the rows, what can be done to them, and one of them beside. */
export function TaskListPage({
  q,
  inspected,
}: {
  readonly q: string;
  /** The task that stands beside the list. */
  readonly inspected: string | null;
}): ReactElement {
  const [selection, select] = useState<Selection>(new Map());
  const [isPointed, point] = useState(false);
  const isScrolled = useIsScrolled();
  const page = useTaskPage(q, isPointed || isScrolled || inspected !== null || selection.size > 0);
  const { counts } = useAggregate(q);
  const isWrong = page.problem?.code === "QUERY_INVALID";
  useEffect(() => {
    if (page.rows) lastList.set(page.rows.map(({ id }) => id));
  }, [page.rows]);
  return (
    <div className="flex items-start gap-6">
      <div className="min-w-0 grow">
        <h1 className="sr-only">Tasks</h1>
        <div className="flex flex-col gap-2">
          <StateCounts q={q} />
          <QueryBox q={q} onQuery={search} problem={isWrong ? page.problem : null} />
          {page.problem && !isWrong ? <ProblemNote problem={page.problem} /> : null}
          {isWrong ? null : <MatchHistogram q={q} />}
          <p className="flex min-h-6 flex-wrap items-center gap-x-3 text-text-2">
            <span>{matchesText(counts?.total, page)}</span>
          </p>
        </div>
        {page.rows?.length === 0 ? (
          <div className="panel">
            <Nothing q={q} setQuery={search} />
          </div>
        ) : isWrong && page.rows === null ? null : (
          <TaskRows
            page={page}
            q={q}
            setQuery={search}
            selection={selection}
            select={select}
            point={point}
            inspected={inspected}
          />
        )}
        <Pager page={page} />
        <SelectionBar selection={selection} q={q} total={counts?.total} onClear={() => select(new Map())} />
      </div>
      {inspected === null ? null : (
        <Suspense>
          <Inspector taskId={inspected} rows={page.rows ?? []} />
        </Suspense>
      )}
    </div>
  );
}

function matchesText(
  total: { readonly count: number; readonly exact: boolean } | undefined,
  { searched, isFirst, hasNext }: ReturnType<typeof useTaskPage>,
): string {
  if (!total) return "";
  const many = `${atLeastText(total)} ${total.count === 1 && total.exact ? "match" : "matches"}`;
  if (searched !== null && isFirst && !hasNext)
    return `${many}; no index knows this, so ${countText(searched)} tasks were looked at.`;
  if (searched !== null)
    return `${many} known of so far; ${countText(searched)} tasks were looked at for this page, and older ones follow on the next.`;
  return `${many}${total.exact ? " (exact)" : ""}`;
}

function Nothing({ q, setQuery }: { readonly q: string; readonly setQuery: (q: string) => void }): ReactElement {
  const terms = useMemo(() => termsOf(q), [q]);
  if (terms.length === 0) {
    return (
      <EmptyNote title="No tasks yet">
        <p>The first one appears here by itself:</p>
        <pre className="mono mt-3 overflow-x-auto rounded-panel bg-surface-2 p-3 text-start">
          {'await host.enqueue("report.generate", { customer: 7 });'}
        </pre>
      </EmptyNote>
    );
  }
  return (
    <EmptyNote title="Nothing matches">
      <p>Take a condition out:</p>
      <p className="mt-2 flex flex-wrap justify-center gap-2">
        {terms.map(({ text, at }) => (
          <button key={at} type="button" className="button mono" onClick={() => setQuery(withoutTerm(q, at))}>
            {text} ✕
          </button>
        ))}
      </p>
    </EmptyNote>
  );
}

function Pager({ page }: { readonly page: ReturnType<typeof useTaskPage> }): ReactElement | null {
  if (page.rows === null || (page.isFirst && !page.hasNext)) return null;
  return (
    <nav aria-label="Pages of the list" className="mt-3 flex items-center justify-end gap-2">
      <span className="mr-auto text-text-2">
        {page.isFirst ? "Newest" : "Older"} {countText(page.rows.length)}
      </span>
      <button type="button" className="button" disabled={page.isFirst} onClick={page.newer}>
        ← Newer
      </button>
      <button type="button" className="button" disabled={!page.hasNext} onClick={page.older}>
        Older →
      </button>
    </nav>
  );
}
