import { formatBytes, formatCount, formatDuration } from "../format/format-number.ts";
import { datasetCard } from "./dataset-card.ts";
import { failureSection } from "./failure-section.ts";
import { html, trusted, type Html } from "./html.ts";
import type { ReportInput } from "./report-input.ts";
import { runChart } from "./run-chart.ts";

/**
 * The whole report as one HTML document that asks for nothing from outside and needs no script.
 * @param style The style sheet to put into it.
 */
export function renderReport(input: ReportInput, style: string): string {
  const totals = totalsOf(input);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <title>${totals.headline}</title>
        <link rel="icon" href="data:," />
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        <main>
          ${masthead(input, totals)} ${figures(input, totals)}
          <section aria-labelledby="run-title">
            <h2 id="run-title">How the run went</h2>
            <p class="lede-small">${runWords(input)}</p>
            ${runChart(input)}
          </section>
          ${failureSection(input.failures)}
          <section aria-labelledby="datasets-title">
            <h2 id="datasets-title">The datasets</h2>
            ${input.results.map(datasetCard)}
          </section>
        </main>
        ${colophon(input)}
      </body>
    </html> `;
  return page.markup;
}

interface Totals {
  readonly rows: number;
  readonly columns: number;
  readonly bytes: number;
  readonly tasks: number;
  readonly headline: string;
}

function totalsOf({ results, failures }: ReportInput): Totals {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const rows = sum(results.map(({ profile }) => profile.rows));
  const headline =
    failures.length === 0
      ? `${formatCount(rows)} rows, read once`
      : `${formatCount(rows)} rows, read once, and ${failures.length === 1 ? "one file" : `${String(failures.length)} files`} that could not be`;
  return {
    rows,
    columns: sum(results.map(({ profile }) => profile.columns.length)),
    bytes: sum(results.map(({ bytes }) => bytes)),
    tasks: results.length + failures.length,
    headline,
  };
}

function masthead({ finishedAt, results }: ReportInput, { headline, tasks }: Totals): Html {
  const date = new Date(finishedAt);
  const day = date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return html`<header class="masthead">
    <p class="overline">Millrace demo <span>${day}, ${date.toISOString().slice(11, 16)} UTC</span></p>
    <h1>${headline}</h1>
    <p class="lede">
      ${tasks} public datasets${extremes(results)}. Each was read as a stream by a background task of its own, profiled
      column by column, and drawn; a last task waited for all of them and wrote this page.
    </p>
  </header>`;
}

function extremes(results: ReportInput["results"]): string {
  const bySize = results.toSorted((a, b) => a.profile.rows - b.profile.rows);
  const [smallest, largest] = [bySize[0], bySize.at(-1)];
  if (smallest === undefined || largest === undefined || smallest === largest) return "";
  const words = ({ dataset, profile }: typeof smallest): string =>
    `${formatCount(profile.rows)} rows of “${dataset.title}”`;
  return `, from the ${words(smallest)} to the ${words(largest)}`;
}

function figures({ results, startedAt, finishedAt }: ReportInput, { rows, columns, bytes, tasks }: Totals): Html {
  const figure = (value: string, label: string): Html =>
    html`<div>
      <dd>${value}</dd>
      <dt>${label}</dt>
    </div>`;
  return html`<dl class="figures">
    ${figure(formatCount(rows), "rows profiled")} ${figure(formatCount(columns), "columns")}
    ${figure(formatBytes(bytes), "read as streams")}
    ${figure(`${String(results.length)} of ${String(tasks)}`, "datasets finished")}
    ${figure(formatDuration(finishedAt - startedAt), "from start to report")}
  </dl>`;
}

function runWords({ results, failures }: ReportInput): string {
  const slowest = results.toSorted((a, b) => b.finishedAt - b.startedAt - (a.finishedAt - a.startedAt))[0];
  const longest =
    slowest === undefined
      ? "No dataset could be finished."
      : `${slowest.dataset.title} took longest, ${formatDuration(slowest.finishedAt - slowest.startedAt)}.`;
  const failed = failures.map(({ dataset }) => dataset.title).join(", ");
  return failed === "" ? `${longest} Nothing failed.` : `${longest} What could not be finished: ${failed}.`;
}

function colophon({ runId }: ReportInput): Html {
  return html`<footer class="colophon">
    <h2>How to read the numbers</h2>
    <p>
      Columns with up to 5,000 different values are counted exactly. Beyond that, the number of different values is an
      estimate (HyperLogLog, about 1% off), quantiles and histograms come from a t-digest, and the most frequent values
      from a bounded list; every such number is marked with ≈ or named an estimate. Minimum, maximum, mean and missing
      are always exact. Dates without a zone are read as UTC.
    </p>
    <p>
      The data files come from the npm package vega-datasets, which collects them for teaching; each dataset keeps
  the terms of its source. Run <code>${runId}</code>.
    </p>
  </footer>`;
}
