import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState, type ReactElement } from "react";
import type { ListedTask } from "../api/answers.ts";
import { hrefOf, type Route } from "../routes/route.ts";
import { usePreferences } from "../settings/preferences.ts";
import { extentOf, type Selection } from "./selection.ts";
import { TaskRow, type RowActions } from "./task-row.tsx";

const heights = { compact: 28, default: 36, relaxed: 44 };

/** The list as a real table of which only what is seen stands in the page. */
export function TaskTable({
  rows,
  selection,
  current,
  goal,
  onGoal,
  inspected,
  placeOf,
  actions,
  onTickAll,
  onPointer,
}: {
  readonly rows: readonly ListedTask[];
  readonly selection: Selection;
  readonly current: number;
  /** The row that is to have the focus, as soon as it stands in the page. */
  readonly goal: number | null;
  readonly onGoal: () => void;
  /** The task that stands beside the list. */
  readonly inspected: string | null;
  /** Where a task is opened. */
  readonly placeOf: (taskId: string) => Route;
  readonly actions: RowActions;
  readonly onTickAll: (isAdding: boolean) => void;
  readonly onPointer: (isOver: boolean) => void;
}): ReactElement {
  const [{ density }] = usePreferences();
  const ref = useRef<HTMLTableElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(
    () => setTop((ref.current?.getBoundingClientRect().top ?? 0) + scrollY),
    [rows.length, inspected === null],
  );
  const isNarrow = matchMedia("(max-width: 767px)").matches;
  const height = isNarrow ? 56 : heights[density];
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => height,
    overscan: 4,
    scrollMargin: top,
    // The bar at the top of the page lies over what scrolls below it; a row at either end is seen as a whole.
    scrollPaddingStart: 48,
    scrollPaddingEnd: 48,
  });
  const at = inspected === null ? -1 : rows.findIndex(({ id }) => id === inspected);
  useEffect(() => {
    if (at !== -1) virtual.scrollToIndex(at);
    // Where it stands is looked at when another one is, not whenever rows come.
  }, [inspected, at === -1]);
  useLayoutEffect(() => {
    if (goal === null) return;
    const link = ref.current?.querySelector<HTMLElement>(`[data-row="${goal}"]`);
    if (!link) {
      virtual.scrollToIndex(goal);
      return;
    }
    link.scrollIntoView({ block: "nearest" });
    link.focus();
    onGoal();
  });
  const items = virtual.getVirtualItems();
  const before = items[0] ? items[0].start - top : 0;
  const last = items.at(-1);
  const after = last ? virtual.getTotalSize() - (last.end - top) : 0;
  const extent = extentOf(selection, rows);
  return (
    <table
      ref={ref}
      className="table"
      aria-label="Tasks"
      aria-rowcount={-1}
      aria-multiselectable="true"
      role="grid"
      onPointerEnter={({ pointerType }) => onPointer(pointerType === "mouse")}
      onPointerLeave={() => onPointer(false)}
    >
      <colgroup>
        <col className="w-9 max-md:hidden" />
        <col className="w-9 @min-[700px]:w-32" />
        <col className="md:w-56" />
        <col className="w-28 @max-[960px]:hidden" />
        <col className="max-md:hidden" />
        <col className="w-14 @max-[960px]:hidden" />
        <col className="w-20 @max-[700px]:hidden" />
        <col className="w-28 @max-[700px]:hidden" />
        <col className="w-24" />
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          <th scope="col" className="pr-0! max-md:hidden">
            <input
              type="checkbox"
              className="size-4 align-middle accent-(--accent)"
              aria-label="Select this page"
              checked={extent === "all"}
              ref={(box) => {
                if (box) box.indeterminate = extent === "some";
              }}
              onChange={() => onTickAll(extent !== "all")}
            />
          </th>
          <th scope="col">
            <span className="@max-[700px]:sr-only">State</span>
          </th>
          <th scope="col">Kind</th>
          <th scope="col" className="@max-[960px]:hidden">
            Id
          </th>
          <th scope="col" className="max-md:hidden">
            Summary
          </th>
          <th scope="col" className="end @max-[960px]:hidden">
            Try
          </th>
          <th scope="col" className="end @max-[700px]:hidden">
            Waited
          </th>
          <th scope="col" className="end @max-[700px]:hidden">
            Ran
          </th>
          <th scope="col" className="end" aria-sort="descending">
            Made
          </th>
        </tr>
      </thead>
      <tbody>
        <Space height={before} />
        {items.map(({ index }) => {
          const task = rows[index];
          return task ? (
            <TaskRow
              key={task.id}
              task={task}
              index={index}
              isTicked={selection.has(task.id)}
              isCurrent={index === Math.min(current, rows.length - 1)}
              isInspected={task.id === inspected}
              href={hrefOf(placeOf(task.id))}
              actions={actions}
            />
          ) : null;
        })}
        <Space height={after} />
      </tbody>
    </table>
  );
}

/** Room of the rows that are not in the page. */
function Space({ height }: { readonly height: number }): ReactElement | null {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true">
      <td style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}
