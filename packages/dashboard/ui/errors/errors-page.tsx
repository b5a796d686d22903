import { useState, type ReactElement } from "react";
import type { ErrorGroup, ErrorGroups } from "../api/answers.ts";
import { EmptyNote, Loading, ProblemNote } from "../controls/notes.tsx";
import { Tabs } from "../controls/tabs.tsx";
import { countText, plural } from "../format/numbers.ts";
import { useLiveQuery } from "../live/use-live-query.ts";
import { navigate } from "../routes/current-route.ts";
import { BulkDialog } from "../tasks/bulk-dialog.tsx";
import { FailureGroup } from "./failure-group.tsx";
import { useMark, type MarkVerb } from "./use-mark.ts";

type State = ErrorGroup["state"];

const tabs: readonly (readonly [State, string])[] = [
  ["open", "Open"],
  ["resolved", "Resolved"],
  ["ignored", "Ignored"],
];

/** Failures that are alike, as one line each, by what operators say of them. */
export function ErrorsPage({ state }: { readonly state: State }): ReactElement {
  const { data, error, refetch } = useLiveQuery<ErrorGroups>({
    queryKey: ["errors"],
    path: "errors",
    everyMs: 20_000,
  });
  const [asked, ask] = useState<ErrorGroup | null>(null);
  const { busy, mark } = useMark();
  if (error && !data) return <ProblemNote problem={error} onAgain={() => void refetch()} />;
  if (!data) return <Loading lines={8} label="Errors are loading" />;
  const { groups, byState, searched, complete } = data;
  // Where nothing can be said of failures, all are open, whatever the address says.
  const shown = byState === null ? groups : groups.filter((group) => group.state === state);
  const canMark = byState !== null;
  const list = <Groups {...{ groups: shown, searched, state, canMark, busy }} onRetry={ask} onMark={mark} />;
  return (
    <div className="flex flex-col gap-3">
      <h1 className="sr-only">Errors</h1>
      <p className="text-text-2">
        {plural(groups.length, "group")} of {complete ? "all" : "the newest"} {plural(searched, "failed task")}, by what
        was thrown, where, and its code.
      </p>
      <div className="panel overflow-hidden">
        {byState === null ? (
          list
        ) : (
          <Tabs
            label="Groups of failures"
            tabs={tabs.map(([name, word]) => ({ name, label: `${word} ${countText(byState[name])}` }))}
            chosen={state}
            onChoose={(to) => navigate({ page: "errors", state: to }, { replace: true })}
          >
            {list}
          </Tabs>
        )}
      </div>
      {asked ? <BulkDialog verb="retry" q={asked.q} onClose={() => ask(null)} /> : null}
    </div>
  );
}

function Groups({
  groups,
  searched,
  state,
  canMark,
  busy,
  onRetry,
  onMark,
}: {
  readonly groups: readonly ErrorGroup[];
  readonly searched: number;
  readonly state: State;
  readonly canMark: boolean;
  readonly busy: boolean;
  readonly onRetry: (group: ErrorGroup) => void;
  readonly onMark: (group: ErrorGroup, verb: MarkVerb) => void;
}): ReactElement {
  if (groups.length === 0) return <None what={canMark && (state !== "open" || searched > 0) ? state : "none"} />;
  return (
    <ul className="divide-y divide-line">
      {groups.map((group) => (
        <FailureGroup
          key={group.key}
          group={group}
          canMark={canMark}
          busy={busy}
          onRetry={() => onRetry(group)}
          onMark={(verb) => onMark(group, verb)}
        />
      ))}
    </ul>
  );
}

const nones: Readonly<Record<State | "none", readonly [title: string, about: string]>> = {
  open: ["No group is open", "What has failed was resolved or is ignored, and comes back here when it fails again."],
  none: ["Nothing has failed", "Tasks that failed for good appear here, those of one making as one line."],
  resolved: ["Nothing is resolved", "A group stands here from when somebody resolves it until one of its tasks fails."],
  ignored: ["Nothing is ignored", "A group stands here until it has failed as often again as whoever ignored it said."],
};

function None({ what }: { readonly what: keyof typeof nones }): ReactElement {
  const [title, about] = nones[what];
  return (
    <EmptyNote title={title}>
      <p>{about}</p>
    </EmptyNote>
  );
}
