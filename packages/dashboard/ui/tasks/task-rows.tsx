import { useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import { Loading } from "../controls/notes.tsx";
import { countText } from "../format/numbers.ts";
import { withTerm } from "../query/query-text.ts";
import { navigate } from "../routes/current-route.ts";
import type { Route } from "../routes/route.ts";
import { useHotkeys } from "../shell/hotkeys.ts";
import { useIsWide } from "../shell/use-is-wide.ts";
import { markAt, placeOfMark, type RowMark } from "./row-mark.ts";
import { afterClick, withRows, type Selection } from "./selection.ts";
import type { RowActions } from "./task-row.tsx";
import { TaskTable } from "./task-table.tsx";
import type { TaskPageView } from "./use-task-page.ts";

/** The rows of a page of the list, gone through with the pointer or with keys. */
export function TaskRows({
  page: { rows, fresh, showFresh },
  q,
  setQuery,
  selection,
  select,
  point,
  inspected,
}: {
  readonly page: TaskPageView;
  readonly q: string;
  readonly setQuery: (q: string) => void;
  readonly selection: Selection;
  readonly select: (selection: Selection) => void;
  readonly point: (isOver: boolean) => void;
  readonly inspected: string | null;
}): ReactElement {
  const [mark, setMark] = useState<RowMark | null>(null);
  const [goal, setGoal] = useState<number | null>(null);
  const isWide = useIsWide();
  const lastTick = useRef<string | null>(null);
  const current = placeOfMark(rows ?? [], mark);
  const placeOf = (taskId: string): Route => (isWide ? { page: "tasks", q, taskId } : { page: "task", taskId });
  const move = (to: number): void => {
    const next = Math.max(0, Math.min((rows?.length ?? 1) - 1, to));
    setMark(markAt(rows ?? [], next));
    setGoal(next);
  };
  const tick = (index: number, isRange: boolean): void => {
    if (!rows) return;
    select(afterClick(selection, rows, { index, from: lastTick.current, isRange }));
    lastTick.current = rows[index]?.id ?? null;
  };
  const open = (index: number): void => {
    const task = rows?.[index];
    if (task) navigate(placeOf(task.id));
  };
  useHotkeys({
    x: () => tick(current, false),
    // With a task beside the list, these two go from it to its neighbours.
    ...(inspected === null ? { j: () => move((goal ?? current) + 1), k: () => move((goal ?? current) - 1) } : {}),
  });
  const actions = useSteady({
    onTick: tick,
    onFilter: (field, value, isNegated) => setQuery(withTerm(q, field, { value, isNegated })),
    onFocus(index) {
      setMark(markAt(rows ?? [], index));
      setGoal(null);
    },
    onKey(event: KeyboardEvent, index) {
      // A key may come before the row that the last one led to stands in the page.
      const from = goal ?? index;
      const to = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: (rows?.length ?? 1) - 1 }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        move(to);
      } else if (event.key === "Enter" && event.target instanceof HTMLInputElement) open(index);
    },
  });
  if (!rows)
    return (
      <div className="panel">
        <Loading lines={12} label="Tasks are loading" />
      </div>
    );
  return (
    <div className="@container relative">
      {fresh > 0 ? <Fresh count={fresh} onShow={showFresh} /> : null}
      <div className="panel overflow-hidden">
        <TaskTable
          rows={rows}
          selection={selection}
          current={current}
          goal={goal}
          onGoal={() => setGoal(null)}
          inspected={inspected}
          placeOf={placeOf}
          actions={actions}
          onTickAll={(isAdding) => select(withRows(selection, rows, isAdding))}
          onPointer={point}
        />
      </div>
    </div>
  );
}

/** What is new waits here while the rows are held, wherever one has scrolled to. */
function Fresh({ count, onShow }: { readonly count: number; readonly onShow: () => void }): ReactElement {
  const show = (): void => {
    onShow();
    scrollTo(0, 0);
  };
  return (
    <div className="sticky top-14 z-10 h-0 text-center">
      <button type="button" className="button button-primary appear -translate-y-4 rounded-full!" onClick={show}>
        {countText(count)} new
      </button>
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
