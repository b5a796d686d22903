import type { ReactElement } from "react";
import type { ErrorGroup } from "../api/answers.ts";
import { useObstacle } from "../api/use-about.ts";
import { ActionButton } from "../controls/action-button.tsx";
import { Ago } from "../controls/moment.tsx";
import { Sparkline } from "../controls/sparkline.tsx";
import { countText, exactText, plural } from "../format/numbers.ts";
import { lineText } from "../format/texts.ts";
import { hrefOf } from "../routes/route.ts";
import { ToneChip } from "../state/state-chip.tsx";
import { ignoredUntil, type MarkVerb } from "./use-mark.ts";

interface GroupProps {
  readonly group: ErrorGroup;
  readonly canMark: boolean;
  readonly busy: boolean;
  readonly onRetry: () => void;
  readonly onMark: (verb: MarkVerb) => void;
}

/** A group: what was thrown, how often, and what can be done about it. */
export function FailureGroup(props: GroupProps): ReactElement {
  const { group } = props;
  const { message, frame, kinds, count, firstAt, lastAt, lastTaskId, q, recent, reopened } = group;
  const names = Object.entries(kinds).toSorted(([, one], [, other]) => other - one);
  return (
    <li className="grid items-center gap-x-4 gap-y-2 px-4 py-3 md:grid-cols-[1fr_140px]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <a href={hrefOf({ page: "tasks", q })} className="font-semibold text-bad wrap-anywhere">
            {titleOf(group)}
          </a>
          {reopened === null ? null : <ToneChip tone="warn">came back</ToneChip>}
          <span className="min-w-0 wrap-anywhere">{lineText(message, 240)}</span>
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-text-2">
          {frame === null ? null : <span className="mono wrap-anywhere">{lineText(frame, 160)}</span>}
          <span className="wrap-anywhere">
            {names
              .slice(0, 3)
              .map(([kind]) => lineText(kind, 80))
              .join(", ")}
            {names.length > 3 ? ` and ${names.length - 3} more` : ""}
          </span>
          <span>
            first <Ago at={firstAt} />, last{" "}
            <a href={hrefOf({ page: "task", taskId: lastTaskId })}>
              <Ago at={lastAt} />
            </a>
          </span>
        </p>
        <Marked group={group} />
      </div>
      <div className="flex items-center gap-3">
        <a
          href={hrefOf({ page: "tasks", q })}
          className="w-12 shrink-0 text-end text-lg font-semibold text-text"
          aria-label={`${plural(count, "task")}: show them`}
        >
          {countText(count)}
        </a>
        <Sparkline values={recent} label={`${plural(count, "failure")} over time`} tone="bad" />
      </div>
      <Actions {...props} />
    </li>
  );
}

function titleOf({ name, code }: ErrorGroup): string {
  return lineText(code === null || code.startsWith("TASK_") ? name : code, 120);
}

/** What was said of it, by whom, and how often it failed since. */
function Marked({ group: { mark, failedSince } }: { readonly group: ErrorGroup }): ReactElement | null {
  if (mark === null) return null;
  const most = mark.state === "ignored" ? mark.untilCount : null;
  return (
    <p className="mt-0.5 text-text-2 wrap-anywhere">
      {mark.state} <Ago at={mark.at} />
      {mark.by === null ? "" : ` by ${lineText(mark.by, 60)}`}
      {most === null ? "" : `, until ${countText(most)} more have failed`}
      {failedSince ? `, ${plural(failedSince, "failure")} since` : ""}
      {mark.note === null ? "" : `: ${lineText(mark.note, 240)}`}
    </p>
  );
}

function Actions({ group, canMark, busy, onRetry, onMark }: GroupProps): ReactElement {
  const noRetry = useObstacle("retry") ?? undefined;
  const noMark = useObstacle("mark-failures") ?? undefined;
  const title = `until ${exactText(ignoredUntil(group))} more have failed`;
  const button = (verb: MarkVerb, label: string): ReactElement => (
    <ActionButton
      {...(noMark === undefined && verb === "ignore" ? { title } : {})}
      {...(busy ? { disabled: true } : {})}
      why={noMark}
      aria-label={`${label}: ${titleOf(group)}`}
      onClick={() => onMark(verb)}
    >
      {label}
    </ActionButton>
  );
  return (
    <div className="flex flex-wrap gap-2 md:col-span-2">
      <ActionButton why={noRetry} onClick={onRetry}>
        Retry {countText(group.count)} after fix
      </ActionButton>
      {canMark && group.state === "open" ? button("resolve", "Resolve") : null}
      {canMark && group.state === "open" ? button("ignore", "Ignore until ×10") : null}
      {canMark && group.state !== "open" ? button("reopen", "Reopen") : null}
    </div>
  );
}
