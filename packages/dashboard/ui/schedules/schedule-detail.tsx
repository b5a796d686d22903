import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import type { ScheduleAction, ShownSchedule } from "../api/answers.ts";
import { pathPart, send, type ApiProblem } from "../api/request.ts";
import { ActionButton } from "../controls/action-button.tsx";
import { EmptyNote } from "../controls/notes.tsx";
import { useToast } from "../controls/toasts.tsx";
import { durationText, relativeText } from "../format/durations.ts";
import { lineText } from "../format/texts.ts";
import { absoluteText } from "../format/times.ts";
import { quoted } from "../query/query-text.ts";
import { hrefOf } from "../routes/route.ts";
import { Fact } from "../settings/panel.tsx";
import { useZone } from "../settings/use-zone.ts";
import { OutcomeSign } from "./day-strip.tsx";
import { occurrenceText } from "./occurrence-words.ts";
import { RunDialog } from "./run-dialog.tsx";
import { timesText } from "./schedule-words.ts";
import { zoneNote } from "./zone-note.ts";

/** A schedule as a whole: its rule, its next runs in both zones, what became of the last, and what can be done. */
export function ScheduleDetail({
  schedule,
  now,
}: {
  readonly schedule: ShownSchedule;
  readonly now: number;
}): ReactElement {
  const note = zoneNote(schedule, now);
  return (
    <div className="flex flex-col gap-4 bg-surface-2 px-4 py-4">
      <Actions schedule={schedule} />
      {note === null ? null : <p className="text-warn">{note}</p>}
      <div className="grid gap-4 lg:grid-cols-3">
        <Rule schedule={schedule} now={now} />
        <NextRuns schedule={schedule} now={now} />
        <Outcomes schedule={schedule} />
      </div>
    </div>
  );
}

function Actions({ schedule }: { readonly schedule: ShownSchedule }): ReactElement {
  const { can, cannot } = schedule.actions;
  const [isAsked, ask] = useState(false);
  const { act, isBusy } = useScheduleAct(schedule);
  const button = (action: ScheduleAction, label: string, run: () => void): ReactElement => {
    const isAllowed = can.includes(`${action}-schedule`);
    return (
      <ActionButton
        key={action}
        why={isAllowed ? undefined : (cannot[`${action}-schedule`] ?? "Not now.")}
        disabled={!isAllowed || isBusy}
        onClick={run}
      >
        {label}
      </ActionButton>
    );
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      {button("run", "Run now", () => ask(true))}
      {schedule.paused === null
        ? button("pause", "Pause", () => act("pause"))
        : button("resume", "Resume", () => act("resume"))}
      {button("skip", "Skip next", () => act("skip"))}
      <span className="text-text-2">
        {schedule.origin.type === "code"
          ? "Its rule comes from code and is changed there; a pause is kept beside it and survives every deployment."
          : `Made at run time by ${lineText(schedule.origin.source, 100)}.`}
      </span>
      {isAsked ? (
        <RunDialog schedule={schedule} onClose={() => ask(false)} onRun={(body) => (ask(false), act("run", body))} />
      ) : null}
    </div>
  );
}

function useScheduleAct(schedule: ShownSchedule): {
  readonly isBusy: boolean;
  act(action: ScheduleAction, body?: Readonly<Record<string, unknown>>): void;
} {
  const [isBusy, setBusy] = useState(false);
  const client = useQueryClient();
  const toast = useToast();
  const said: Readonly<Partial<Record<ScheduleAction, string>>> = {
    pause: "Paused.",
    resume: "It goes on.",
    run: "It runs now.",
    skip: "Its next run is skipped.",
  };
  return {
    isBusy,
    act(action, body = {}) {
      setBusy(true);
      send(`schedules/${pathPart(schedule.id)}/${action}`, body, { query: { tenant: schedule.tenantId } })
        .then(
          () => toast({ text: said[action] ?? "Done.", ms: 3_000 }),
          (error: ApiProblem) => toast({ text: `${error.message} ${error.fix}`, tone: "bad" }),
        )
        .finally(() => {
          setBusy(false);
          void client.invalidateQueries({ queryKey: ["schedules"] });
        });
    },
  };
}

function Rule({ schedule, now }: { readonly schedule: ShownSchedule; readonly now: number }): ReactElement {
  const { times, timeZone, kind, overlap, catchUp, jitterMs, startAt, endAt, paused, id } = schedule;
  const expressions = times.flatMap((time) => (time.type === "cron" ? [time.expression] : []));
  return (
    <section className="panel flex flex-col gap-2 p-4" aria-label="Rule">
      <h2 className="panel-title">Rule</h2>
      <Fact name="When">
        {timesText(times, timeZone)}
        {expressions.length === 0 ? null : (
          <span className="mono ml-2 text-text-2">
            {expressions
              .slice(0, 5)
              .map((one) => lineText(one, 80))
              .join("; ")}
          </span>
        )}
      </Fact>
      <Fact name="Zone">{timeZone}</Fact>
      <Fact name="Makes">
        <a href={hrefOf({ page: "tasks", q: `schedule:${quoted(id)}` })} className="wrap-anywhere">
          {lineText(kind, 200)}
        </a>
      </Fact>
      <Fact name="Overlap">{overlapWords[overlap] ?? lineText(overlap, 40)}</Fact>
      <Fact name="Catch up">{catchUpText(catchUp)}</Fact>
      {jitterMs === 0 ? null : <Fact name="Spread">up to {durationText(jitterMs)}</Fact>}
      {startAt === null ? null : <Fact name="From">{absoluteText(startAt, timeZone)}</Fact>}
      {endAt === null ? null : <Fact name="Until">{absoluteText(endAt, timeZone)}</Fact>}
      {paused === null ? null : (
        <Fact name="Paused">
          {relativeText(paused.at, now)} by {lineText(paused.by ?? "somebody", 100)}
          {paused.why ? `: ${lineText(paused.why, 300)}` : ""}
        </Fact>
      )}
    </section>
  );
}

const overlapWords: Readonly<Record<string, string>> = {
  allow: "runs beside an earlier one",
  skip: "is skipped while an earlier one is open",
  queue: "waits for an earlier one",
  replace: "takes the place of an earlier one",
};

function catchUpText(catchUp: ShownSchedule["catchUp"]): string {
  if (catchUp === "skip") return "what was missed is not made up for";
  if (catchUp === "latest") return "the latest that was missed runs";
  return catchUp === "all" ? "all that was missed runs" : lineText(JSON.stringify(catchUp), 80);
}

function NextRuns({
  schedule: { nextRuns, timeZone, skipUntil, paused },
  now,
}: {
  readonly schedule: ShownSchedule;
  readonly now: number;
}): ReactElement {
  const zone = useZone();
  const runs = nextRuns.slice(0, 5);
  return (
    <section className="panel flex flex-col gap-2 p-4" aria-label="Next runs">
      <h2 className="panel-title">{paused === null ? "Next runs" : "Next runs, once it goes on"}</h2>
      {runs.length === 0 ? <p className="text-text-2">It does not run again.</p> : null}
      <ol className="flex flex-col gap-2">
        {runs.map((at) => (
          <li key={at} className={skipUntil !== null && at <= skipUntil ? "text-text-3 line-through" : ""}>
            <p className="flex justify-between gap-3">
              <span>{absoluteText(at, timeZone)}</span>
              <span className="text-text-2">{relativeText(at, now)}</span>
            </p>
            {zone === timeZone ? null : <p className="text-xs text-text-2">{absoluteText(at, zone)}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Outcomes({ schedule: { history } }: { readonly schedule: ShownSchedule }): ReactElement {
  const zone = useZone();
  if (history.length === 0) {
    return (
      <section className="panel" aria-label="Last runs">
        <EmptyNote title="It has not run yet" />
      </section>
    );
  }
  return (
    <section className="panel flex flex-col gap-2 p-4" aria-label="Last runs">
      <h2 className="panel-title">Last {history.length}</h2>
      <p className="flex flex-wrap gap-1">
        {history.toReversed().map((one) => (
          <OutcomeSign key={`${one.scheduledFor} ${one.recordedAt}`} occurrence={one} isQuiet />
        ))}
      </p>
      <ul className="max-h-52 overflow-auto" tabIndex={0} aria-label="Last runs, newest first">
        {history.slice(0, 30).map((one) => (
          <li key={`${one.scheduledFor} ${one.recordedAt}`} className="grid grid-cols-[1fr_auto] gap-x-3 py-0.5">
            <span className="text-text-2">{absoluteText(one.scheduledFor, zone)}</span>
            {one.taskId === null ? (
              <OutcomeSign occurrence={one} />
            ) : (
              <a href={hrefOf({ page: "task", taskId: one.taskId })}>
                <OutcomeSign occurrence={one} />
              </a>
            )}
            {one.reason === null ? null : <span className="col-span-2 text-xs text-text-2">{occurrenceText(one)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
