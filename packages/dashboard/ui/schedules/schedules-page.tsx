import { Fragment, useState, type ReactElement } from "react";
import type { ShownSchedule } from "../api/answers.ts";
import { Columns, type Column } from "../controls/columns.tsx";
import { Ago } from "../controls/moment.tsx";
import { EmptyNote, Loading, ProblemNote } from "../controls/notes.tsx";
import { plural } from "../format/numbers.ts";
import { lineText, middleText } from "../format/texts.ts";
import { useLiveQuery } from "../live/use-live-query.ts";
import { useNow } from "../live/use-now.ts";
import { navigate } from "../routes/current-route.ts";
import { Glyph } from "../state/glyph.tsx";
import { ToneChip } from "../state/state-chip.tsx";
import { ScheduleDetail } from "./schedule-detail.tsx";
import { DayStrip, OutcomeSign } from "./day-strip.tsx";
import { timesText } from "./schedule-words.ts";

interface Page {
  readonly schedules: readonly ShownSchedule[];
  readonly next: string | null;
  readonly now: number;
}

const columns: readonly Column[] = [
  { name: "Name" },
  { name: "When", look: "max-lg:hidden" },
  { name: "12 h back · now · 12 h ahead", look: "w-72 max-md:hidden" },
  { name: "Next", look: "end w-24" },
  { name: "Last", look: "w-28" },
];

/** What runs when: what was, what comes, and what did not run and why. */
export function SchedulesPage({ id }: { readonly id: string | null }): ReactElement {
  const [places, setPlaces] = useState<readonly string[]>([]);
  const after = places.at(-1);
  const { data, error, refetch } = useLiveQuery<Page>({
    queryKey: ["schedules", after ?? ""],
    path: "schedules",
    query: { limit: 50, runs: 24, history: 30, after },
  });
  if (error?.code === "PART_NOT_SERVED" || error?.code === "FACET_MISSING") return <None />;
  if (error && !data) return <ProblemNote problem={error} onAgain={() => void refetch()} />;
  if (!data) return <Loading lines={6} label="Schedules are loading" />;
  if (data.schedules.length === 0 && places.length === 0) return <None />;
  return (
    <div className="flex flex-col gap-3">
      <h1 className="sr-only">Schedules</h1>
      <p className="text-text-2">
        {plural(data.schedules.length, "schedule")}
        {data.next === null ? "" : " on this page"} · press one for its next runs and what became of the last
      </p>
      <Rows schedules={data.schedules} open={id} />
      {places.length === 0 && data.next === null ? null : (
        <nav aria-label="Pages of the schedules" className="flex justify-end gap-2">
          <button
            type="button"
            className="button"
            disabled={places.length === 0}
            onClick={() => setPlaces((all) => all.slice(0, -1))}
          >
            ← Before
          </button>
          <button
            type="button"
            className="button"
            disabled={data.next === null}
            onClick={() => setPlaces((all) => (data.next === null ? all : [...all, data.next]))}
          >
            After →
          </button>
        </nav>
      )}
    </div>
  );
}

function None(): ReactElement {
  return (
    <div className="panel">
      <h1 className="sr-only">Schedules</h1>
      <EmptyNote title="There is no schedule">
        <p>Those of your code appear here when a host with the scheduler starts:</p>
        <pre className="mono mt-3 overflow-x-auto rounded-panel bg-surface-2 p-3 text-start">
          {'scheduler({ schedules: [\n  { id: "nightly", task, times: { cron: "0 2 * * *" } },\n] })'}
        </pre>
      </EmptyNote>
    </div>
  );
}

function Rows({
  schedules,
  open,
}: {
  readonly schedules: readonly ShownSchedule[];
  readonly open: string | null;
}): ReactElement {
  const now = useNow();
  return (
    <div className="panel overflow-hidden">
      <table className="table">
        <Columns of={columns} />
        <tbody>
          {schedules.map((schedule) => {
            // One of no tenant is known by its own name, which is what links to it say.
            const key = schedule.tenantId === "" ? schedule.id : `${schedule.tenantId}/${schedule.id}`;
            const isOpen = open === key || open === schedule.id;
            return (
              <Fragment key={key}>
                <Row
                  schedule={schedule}
                  now={now}
                  isOpen={isOpen}
                  onToggle={() => navigate({ page: "schedules", id: isOpen ? undefined : key }, { replace: true })}
                />
                {isOpen ? (
                  <tr className="hover:[&>td]:bg-surface!">
                    <td colSpan={shownColumns()} className="h-auto! p-0! whitespace-normal!">
                      <ScheduleDetail schedule={schedule} now={now} />
                    </td>
                  </tr>
                ) : null}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** A cell over more columns than are shown would make room for them. */
function shownColumns(): number {
  if (matchMedia("(min-width: 1024px)").matches) return 5;
  return matchMedia("(min-width: 768px)").matches ? 4 : 3;
}

function Row({
  schedule,
  now,
  isOpen,
  onToggle,
}: {
  readonly schedule: ShownSchedule;
  readonly now: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}): ReactElement {
  const { id, origin, times, timeZone, paused, nextRuns, history, kind, skipUntil } = schedule;
  const words = timesText(times, timeZone);
  const next = nextRuns.find((at) => skipUntil === null || at > skipUntil);
  const last = history[0];
  return (
    <tr className="max-md:[--row:56px]">
      <th scope="row">
        <button
          type="button"
          className="flex min-h-6 max-w-full items-center gap-2 text-start"
          aria-expanded={isOpen}
          onClick={onToggle}
        >
          <span aria-hidden="true" className="text-text-3">
            {isOpen ? "▾" : "▸"}
          </span>
          <span className="truncate font-medium" title={`${lineText(id, 200)} makes ${lineText(kind, 200)}`}>
            {middleText(lineText(id, 200), 40)}
          </span>
          <ToneChip tone="idle">{origin.type === "code" ? "code" : "dynamic"}</ToneChip>
        </button>
        <span className="block truncate pl-5 text-xs text-text-2 lg:hidden">{words}</span>
      </th>
      <td className="text-text-2 max-lg:hidden" title={`${words}, ${timeZone}`}>
        {words} <span className="text-text-3">· {timeZone}</span>
      </td>
      <td className="max-md:hidden">
        <DayStrip schedule={schedule} now={now} />
      </td>
      <td className="end">
        {paused !== null ? (
          <span
            className="inline-flex items-center gap-1"
            title={`Paused by ${lineText(paused.by ?? "somebody", 60)}${paused.why ? `: ${lineText(paused.why, 200)}` : ""}`}
          >
            <Glyph name="bars" size={12} /> paused
          </span>
        ) : next === undefined ? (
          "never"
        ) : (
          <Ago at={next} />
        )}
      </td>
      <td>{last === undefined ? <span className="text-text-3">none yet</span> : <OutcomeSign occurrence={last} />}</td>
    </tr>
  );
}
