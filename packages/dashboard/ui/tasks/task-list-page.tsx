import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import type { ListedTask } from "../api/answers.ts";
import { EmptyNote, Loading, ProblemNote } from "../controls/notes.tsx";
import { atLeastText, countText } from "../format/numbers.ts";
import { termsOf, withoutTerm, withTerm } from "../query/query-text.ts";
import { navigate } from "../routes/current-route.ts";
import { useHotkeys } from "../shell/hotkeys.ts";
import { MatchHistogram } from "./histogram.tsx";
import { lastList } from "./last-list.ts";
import { QueryBox } from "./query-box.tsx";
import { afterClick, withRows, type Selection } from "./selection.ts";
import { SelectionBar } from "./selection-bar.tsx";
import { StateCounts } from "./state-counts.tsx";
import type { RowActions } from "./task-row.tsx";
import { TaskTable } from "./task-table.tsx";
import { useAggregate, useTaskPage } from "./use-task-page.ts";

const search = (q: string): void => navigate({ page: "tasks", q });

/** Tasks of a query: how many stand where, the rows, and what can be done to them. */
export function TaskListPage({ q }: { readonly q: string }): ReactElement {
  const [selection, select] = useState<Selection>(new Map());
  const [isPointed, point] = useState(false);
  const page = useTaskPage(q, isPointed || selection.size > 0);
  const { counts } = useAggregate(q);
  const isWrong = page.problem?.code === "QUERY_INVALID";
  useEffect(() => {
    if (page.rows) lastList.set(page.rows.map(({ id }) => id));
  }, [page.rows]);
  return (
    <>
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
      {isWrong && page.rows === null ? null : (
        <Rows
          rows={page.rows}
          q={q}
          setQuery={search}
          selection={selection}
          select={select}
          point={point}
          fresh={page.fresh}
          showFresh={page.showFresh}
        />
      )}
      <Pager page={page} />
      <SelectionBar selection={selection} q={q} total={counts?.total} onClear={() => select(new Map())} />
    </>
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

function Rows({
  rows,
  q,
  setQuery,
  selection,
  select,
  point,
  fresh,
  showFresh,
}: {
  readonly rows: readonly ListedTask[] | null;
  readonly q: string;
  readonly setQuery: (q: string) => void;
  readonly selection: Selection;
  readonly select: (selection: Selection) => void;
  readonly point: (isOver: boolean) => void;
  readonly fresh: number;
  readonly showFresh: () => void;
}): ReactElement {
  const [current, setCurrent] = useState(0);
  const lastTick = useRef<number | null>(null);
  const move = (to: number): void => {
    const next = Math.max(0, Math.min((rows?.length ?? 1) - 1, to));
    setCurrent(next);
    const link = document.querySelector<HTMLElement>(`[data-row="${next}"]`);
    link?.scrollIntoView({ block: "nearest" });
    link?.focus();
  };
  const tick = (index: number, isRange: boolean): void => {
    if (!rows) return;
    select(afterClick(selection, rows, { index, from: lastTick.current, isRange }));
    lastTick.current = index;
  };
  const open = (index: number): void => {
    const task = rows?.[index];
    if (task) navigate({ page: "task", taskId: task.id });
  };
  useHotkeys({ j: () => move(current + 1), k: () => move(current - 1), x: () => tick(current, false) });
  const actions = useSteady({
    onTick: tick,
    onFilter: (field, value, isNegated) => setQuery(withTerm(q, field, { value, isNegated })),
    onFocus: setCurrent,
    onKey(event: KeyboardEvent, index) {
      const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: (rows?.length ?? 1) - 1 }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        move(to);
      } else if (event.key === "Enter" && event.target instanceof HTMLInputElement) open(index);
    },
  });
  const onTickAll = (isAdding: boolean): void => select(withRows(selection, rows ?? [], isAdding));
  if (!rows)
    return (
      <div className="panel">
        <Loading lines={12} label="Tasks are loading" />
      </div>
    );
  if (rows.length === 0)
    return (
      <div className="panel">
        <Nothing q={q} setQuery={setQuery} />
      </div>
    );
  return (
    <div className="relative">
      {fresh > 0 ? (
        <button
          type="button"
          className="button button-primary appear absolute -top-4 left-1/2 z-10 -translate-x-1/2 rounded-full!"
          onClick={showFresh}
        >
          {countText(fresh)} new
        </button>
      ) : null}
      <div className="panel overflow-hidden">
        <TaskTable
          rows={rows}
          selection={selection}
          current={current}
          actions={actions}
          onTickAll={onTickAll}
          onPointer={point}
        />
      </div>
    </div>
  );
}

/** The same all the time, and always does what the latest would: rows are not drawn again for it. */
function useSteady(actions: RowActions): RowActions {
  const latest = useRef(actions);
  latest.current = actions;
  return useMemo(
    () => ({
      onTick: (index, isRange) => latest.current.onTick(index, isRange),
      onFilter: (field, value, isNegated) => latest.current.onFilter(field, value, isNegated),
      onKey: (event, index) => latest.current.onKey(event, index),
      onFocus: (index) => latest.current.onFocus(index),
    }),
    [],
  );
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
