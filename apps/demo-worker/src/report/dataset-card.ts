import type { Chart } from "../charts/chart-plan.ts";
import { formatBytes, formatCount, formatDuration } from "../format/format-number.ts";
import type { DatasetResult } from "../results/dataset-result.ts";
import { columnTable } from "./column-table.ts";
import { findOddities } from "./find-oddities.ts";
import { html, trusted, type Html } from "./html.ts";

/** The chapter of one dataset. */
export function datasetCard(result: DatasetResult): Html {
  const { dataset, profile } = result;
  return html`<article class="card" id="${dataset.name}" aria-labelledby="${dataset.name}-title">
    <header>
      <h3 id="${dataset.name}-title">${dataset.title}</h3>
      <p class="sentence">${dataset.sentence}</p>
      ${facts(result)}
    </header>
    <div class="charts charts-${result.charts.length}">${result.charts.map(figure)}</div>
    ${oddities(findOddities(profile, result.finishedAt))} ${columnTable(result)}
    <p class="source">Source: ${source(result)}. File <code>${dataset.file}</code> of vega-datasets.</p>
  </article>`;
}

function facts({ profile, bytes, startedAt, finishedAt, attempt, dataset }: DatasetResult): Html {
  const tries = attempt === 1 ? null : html`<li>attempt ${attempt}</li>`;
  return html`<ul class="facts">
    <li><b>${formatCount(profile.rows)}</b> rows</li>
    <li><b>${profile.columns.length}</b> columns</li>
    <li><b>${formatBytes(bytes)}</b> ${formatNames[dataset.format]}</li>
    <li>done in ${formatDuration(finishedAt - startedAt)}</li>
    ${tries}
  </ul>`;
}

const formatNames = { csv: "CSV", tsv: "TSV", json: "JSON", geojson: "GeoJSON" } as const;

function figure({ kind, title, caption, alt, svg }: Chart): Html {
  return html`<figure class="chart chart-${kind}">
    <h4>${title}</h4>
    <div role="img" aria-label="${alt}">${trusted(svg)}</div>
    <figcaption>${caption}</figcaption>
  </figure>`;
}

function oddities(sentences: readonly string[]): Html | null {
  if (sentences.length === 0) return null;
  return html`<div class="oddities">
    <h4>Worth a second look</h4>
    <ul>
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
  </div>`;
}

function source({ dataset }: DatasetResult): Html {
  const { name, url } = dataset.source;
  return url === null ? html`${name}` : html`<a href="${url}" rel="noreferrer">${name}</a>`;
}
