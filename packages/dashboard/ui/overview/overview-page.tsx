import { useMemo, type ReactElement, type ReactNode } from "react";
import type { Attention, Overview } from "../api/answers.ts";
import { windows, type OverviewWindow } from "../api/overview-window.ts";
import { useOverview } from "../api/use-overview.ts";
import { EmptyNote, Loading, ProblemNote } from "../controls/notes.tsx";
import { Sparkline } from "../controls/sparkline.tsx";
import { TimeChart } from "../controls/time-chart.tsx";
import { durationText } from "../format/durations.ts";
import { countText, percentText, plural } from "../format/numbers.ts";
import { KindTable } from "../kinds/kind-table.tsx";
import { useNow } from "../live/use-now.ts";
import { Glyph } from "../state/glyph.tsx";
import { attentionWords } from "./attention-words.ts";
import { latencyChart, overviewNumbers, throughputChart } from "./overview-numbers.ts";
import { navigate } from "../routes/current-route.ts";
import { hrefOf } from "../routes/route.ts";

/** Is anything wrong, is work flowing, who does it. */
export function OverviewPage({ window }: { readonly window: OverviewWindow }): ReactElement {
  const { data, error, refetch } = useOverview(window);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center">
        <h1 className="sr-only">Overview</h1>
        <WindowSwitch chosen={window} />
      </div>
      {error ? <ProblemNote problem={error} onAgain={() => void refetch()} /> : null}
      {data ? <Whole overview={data} /> : error ? null : <Loading lines={12} label="The overview is loading" />}
    </div>
  );
}

function WindowSwitch({ chosen }: { readonly chosen: OverviewWindow }): ReactElement {
  return (
    <div role="group" aria-label="How far back" className="flex gap-1">
      {windows.map((one) => (
        <button
          key={one}
          type="button"
          className={`button ${one === chosen ? "button-primary" : "button-quiet"}`}
          aria-pressed={one === chosen}
          onClick={() => navigate({ page: "overview", window: one })}
        >
          {one}
        </button>
      ))}
    </div>
  );
}

function Whole({ overview }: { readonly overview: Overview }): ReactElement {
  const throughput = useMemo(() => throughputChart(overview), [overview]);
  const latency = useMemo(() => latencyChart(overview), [overview]);
  const numbers = overviewNumbers(overview);
  if (overview.counts.total.count === 0 && overview.kinds.length === 0) return <Beginning />;
  const rate = numbers.perMinute === null ? "" : `${countText(Math.round(numbers.perMinute))} a minute. `;
  return (
    <>
      <NeedsAttention attention={overview.attention} />
      <Tiles overview={overview} />
      <div className="grid gap-4 xl:grid-cols-2">
        {throughput === null ? null : (
          <TimeChart
            title="Throughput"
            summary={`Tasks that ended. ${rate}${countText(numbers.failed)} failed.`}
            parts={throughput}
          />
        )}
        {latency.times.length === 0 ? (
          <section className="panel" aria-label="Latency">
            <EmptyNote title="No task has ended in this time" />
          </section>
        ) : (
          <TimeChart
            title="Latency"
            summary={`How long tasks waited and ran, of the newest ${overview.latency.sampled} that ended.`}
            parts={latency}
          />
        )}
      </div>
      <KindTable kinds={overview.kinds} now={overview.now} />
    </>
  );
}

function NeedsAttention({ attention }: { readonly attention: readonly Attention[] }): ReactElement | null {
  const now = useNow();
  if (attention.length === 0) return null;
  return (
    <section className="panel" aria-label="Needs attention">
      <div className="panel-head">
        <h2 className="panel-title">Needs attention</h2>
      </div>
      <ul className="divide-y divide-line">
        {attention.slice(0, 8).map((one, index) => {
          const { subject, text, link } = attentionWords(one, now);
          return (
            <li key={`${one.code} ${index}`} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
              <Glyph name={one.severity === "bad" ? "cross" : "triangle"} tone={one.severity} />
              <span className="font-medium wrap-anywhere">{subject}</span>
              <span className="min-w-0 grow text-text-2 wrap-anywhere">{text}</span>
              <a href={hrefOf(link.to)} className="whitespace-nowrap">
                {link.label}
              </a>
            </li>
          );
        })}
        {attention.length > 8 ? <li className="px-3 py-2 text-text-2">and {attention.length - 8} more</li> : null}
      </ul>
    </section>
  );
}

function Tiles({ overview }: { readonly overview: Overview }): ReactElement {
  const { queued, oldestMs, running, slots, perMinute, failedShare, failed } = overviewNumbers(overview);
  const buckets = overview.activity?.buckets ?? [];
  const busy = slots === null || slots === 0 ? null : `${percentText(running / slots)} busy`;
  return (
    <div className="grid grid-cols-2 gap-4 xl:grid-cols-4">
      <Tile name="Queued" value={countText(queued)} q="state:queued">
        {oldestMs === null ? "nobody waits" : `oldest ${durationText(oldestMs)}`}
      </Tile>
      <Tile
        name="Running"
        value={countText(running)}
        more={slots === null ? undefined : `of ${plural(slots, "slot")}`}
        q="state:running,claimed,stale"
      >
        {busy ?? "no slots"}
      </Tile>
      <Tile
        name="Finished a minute"
        value={
          perMinute === null ? "—" : countText(perMinute < 10 ? Math.round(perMinute * 10) / 10 : Math.round(perMinute))
        }
        q="state:succeeded"
      >
        <Sparkline
          values={buckets.slice(-60).map(({ succeeded, failed: bad }) => succeeded + bad)}
          label="Finished over the time shown"
          tone="ok"
        />
      </Tile>
      <Tile
        name="Failed"
        value={failedShare === null ? "—" : percentText(failedShare)}
        more={`${countText(failed)} in ${overview.window}`}
        q="state:failed"
      >
        <Sparkline
          values={buckets.slice(-60).map(({ failed: bad }) => bad)}
          label="Failed over the time shown"
          tone="bad"
        />
      </Tile>
    </div>
  );
}

function Tile({
  name,
  value,
  more,
  q,
  children,
}: {
  readonly name: string;
  readonly value: string;
  readonly more?: string | undefined;
  readonly q: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <section className="panel px-4 py-3" aria-label={name}>
      <h2 className="text-base font-normal text-text-2">{name}</h2>
      <p className="my-0.5 flex items-baseline gap-2">
        <a href={hrefOf({ page: "tasks", q })} className="text-2xl font-semibold text-text no-underline!">
          {value}
        </a>
        <span className="text-text-2">{more}</span>
      </p>
      <div className="h-5 text-text-2">{children}</div>
    </section>
  );
}

function Beginning(): ReactElement {
  return (
    <div className="panel">
      <EmptyNote title="Nothing has happened here yet">
        <p>Enqueue a first task; this page changes by itself:</p>
        <pre className="mono mt-3 overflow-x-auto rounded-panel bg-surface-2 p-3 text-start">
          {'await host.enqueue("report.generate", { customer: 7 });'}
        </pre>
      </EmptyNote>
    </div>
  );
}
