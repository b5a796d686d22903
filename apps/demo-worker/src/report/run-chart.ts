import { formatCount, formatDuration } from "../format/format-number.ts";
import type { ReportInput } from "./report-input.ts";
import { html, type Html } from "./html.ts";

interface Bar {
  readonly from: number;
  readonly to: number;
  readonly isFailed: boolean;
}

interface Lane {
  readonly name: string;
  readonly title: string;
  readonly words: string;
  readonly bars: readonly Bar[];
}

/** When each task worked, one lane a dataset; doubles as the table of contents. */
export function runChart(input: ReportInput): Html {
  const lanes = [...input.results.map(resultLane), ...input.failures.map(failureLane)].toSorted(
    (a, b) => (a.bars[0]?.from ?? 0) - (b.bars[0]?.from ?? 0),
  );
  const starts = lanes.flatMap(({ bars }) => bars.map(({ from }) => from));
  const ends = lanes.flatMap(({ bars }) => bars.map(({ to }) => to));
  const [start, end] = [Math.min(...starts, input.finishedAt), Math.max(...ends, input.startedAt)];
  const percent = (at: number): string => (((at - start) / Math.max(1, end - start)) * 100).toFixed(2);
  const block = ({ from, to, isFailed }: Bar): Html =>
    html`<i
      class="${isFailed ? "bad" : "good"}"
      style="left:${percent(from)}%;width:max(4px,${(Number(percent(to)) - Number(percent(from))).toFixed(2)}%)"
    ></i>`;
  return html`<nav class="run" aria-label="Datasets, and when each was worked on">
    <ol>
      ${lanes.map(
        ({ name, title, words, bars }) =>
          html`<li>
            <a href="#${name}"
              ><span class="lane-title">${title}</span><span class="lane" aria-hidden="true">${bars.map(block)}</span
              ><span class="lane-words">${words}</span></a
            >
          </li>`,
      )}
    </ol>
    <p class="scale" aria-hidden="true"><span>0 s</span><span>${formatDuration(end - start)}</span></p>
  </nav>`;
}

function resultLane({ dataset, profile, startedAt, finishedAt }: ReportInput["results"][number]): Lane {
  const bars = [{ from: startedAt, to: finishedAt, isFailed: false }];
  return { name: dataset.name, title: dataset.title, words: `${formatCount(profile.rows)} rows`, bars };
}

function failureLane({ dataset, attempts }: ReportInput["failures"][number]): Lane {
  const bars = attempts.map(({ startedAt, finishedAt }) => ({ from: startedAt, to: finishedAt, isFailed: true }));
  const words = attempts.length > 1 ? `failed ${String(attempts.length)} times` : "failed";
  return { name: dataset.name, title: dataset.title, words, bars };
}
