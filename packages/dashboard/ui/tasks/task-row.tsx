import { memo, type KeyboardEvent, type MouseEvent, type ReactElement } from "react";
import type { ListedTask } from "../api/answers.ts";
import { CopyId } from "../controls/copy.tsx";
import { Meter } from "../controls/meter.tsx";
import { Ago } from "../controls/moment.tsx";
import { durationText, relativeText } from "../format/durations.ts";
import { lineText, middleText } from "../format/texts.ts";
import { useNow } from "../live/use-now.ts";
import { Glyph } from "../state/glyph.tsx";
import { stateWords } from "../state/state-words.ts";
import { summaryOf, timesOf } from "./task-summary.ts";

/** What a row can be asked for. */
export interface RowActions {
  onTick(index: number, isRange: boolean): void;
  onFilter(field: string, value: string, isNegated: boolean): void;
  onKey(event: KeyboardEvent, index: number): void;
  onFocus(index: number): void;
}

/** One task of the list; drawn again only when something of it is another. */
export const TaskRow = memo(function TaskRow({
  task,
  index,
  isTicked,
  isCurrent,
  isInspected,
  href,
  actions,
}: {
  readonly task: ListedTask;
  readonly index: number;
  readonly isTicked: boolean;
  /** The one stop of the keyboard in the table. */
  readonly isCurrent: boolean;
  /** It is the one that stands beside the list. */
  readonly isInspected: boolean;
  /** Where it is opened. */
  readonly href: string;
  readonly actions: RowActions;
}): ReactElement {
  const { id, kind, state, attempt, retry } = task;
  const summary = summaryOf(task);
  const { word, tone, glyph } = stateWords[state];
  const tries =
    retry.maxAttempts === null
      ? `${attempt}`
      : retry.maxAttempts === undefined
        ? `${attempt}`
        : `${attempt}/${retry.maxAttempts}`;
  return (
    <tr
      aria-rowindex={index + 2}
      aria-selected={isTicked}
      className="group max-md:[--row:56px]"
      data-task={id}
      {...(isInspected ? { "data-inspected": "" } : {})}
      onKeyDown={(event) => actions.onKey(event, index)}
      onFocus={() => actions.onFocus(index)}
    >
      <td className="pr-0! max-md:hidden">
        <input
          type="checkbox"
          className="size-4 align-middle accent-(--accent)"
          aria-label={`Select ${lineText(kind, 60)} ${id}`}
          tabIndex={isCurrent ? 0 : -1}
          checked={isTicked}
          onChange={() => {}}
          onClick={(event: MouseEvent) => actions.onTick(index, event.shiftKey)}
        />
      </td>
      <td className="text-clip!">
        <span className="inline-flex items-center gap-1.5 align-middle">
          <Glyph name={glyph} tone={tone} turns={state === "running"} />
          <span className="@max-[700px]:sr-only">{word}</span>
        </span>
      </td>
      <th scope="row" className="relative">
        <a
          href={href}
          {...(isInspected ? { "aria-current": true } : {})}
          tabIndex={isCurrent ? 0 : -1}
          data-row={index}
          className="font-medium text-text max-md:block max-md:truncate"
          title={lineText(kind)}
        >
          {middleText(lineText(kind, 200), 40)}
        </a>
        <span className="block truncate text-xs text-text-2 md:hidden">{summary || id}</span>
        <span
          className="absolute inset-y-0 right-0 hidden items-center gap-0.5 bg-surface-2 pl-1 md:group-hover:inline-flex"
          aria-hidden="true"
        >
          <button
            type="button"
            tabIndex={-1}
            className="size-6 rounded-control text-text-2 hover:bg-surface-3"
            title={`Only ${lineText(kind, 60)}`}
            onClick={() => actions.onFilter("kind", kind, false)}
          >
            +
          </button>
          <button
            type="button"
            tabIndex={-1}
            className="size-6 rounded-control text-text-2 hover:bg-surface-3"
            title={`Without ${lineText(kind, 60)}`}
            onClick={() => actions.onFilter("kind", kind, true)}
          >
            −
          </button>
        </span>
      </th>
      <td className="@max-[960px]:hidden">
        <CopyId id={id} />
      </td>
      <td className="text-text-2 max-md:hidden" title={summary}>
        {summary}
      </td>
      <td className="end @max-[960px]:hidden">{tries}</td>
      <Times task={task} />
      <td className="end text-text-2">
        <Ago at={task.createdAt} />
      </td>
    </tr>
  );
});

function Times({ task }: { readonly task: ListedTask }): ReactElement {
  const now = useNow();
  const { waitedMs, ranMs } = timesOf(task, now);
  const isRunning = task.state === "running" || task.state === "stale";
  const hasNext = task.state === "retrying" || task.state === "scheduled";
  return (
    <>
      <td className="end text-text-2 @max-[700px]:hidden">
        {hasNext ? relativeText(task.scheduledAt, now) : durationText(waitedMs)}
      </td>
      <td className="end text-text-2 @max-[700px]:hidden">
        {isRunning && task.progress.percent !== null ? (
          <span className="flex items-center gap-2">
            <span className="grow">
              <Meter percent={task.progress.percent} label="Progress" />
            </span>
            <span className="w-8">{Math.round(task.progress.percent)}%</span>
          </span>
        ) : (
          durationText(ranMs)
        )}
      </td>
    </>
  );
}
