import { formatCount, formatShare, formatValue } from "../format/format-number.ts";
import { formatMoment } from "../format/format-time.ts";
import type { ColumnProfile } from "../profile/dataset-profile.ts";
import type { DatasetResult } from "../results/dataset-result.ts";
import { html, type Html } from "./html.ts";
import { sparkline } from "./sparkline.ts";

const mostOpenColumns = 8;

/** Every column in one line: its type, its shape, what is typical, how many values differ and how many are missing. */
export function columnTable({ profile, dataset }: DatasetResult): Html {
  const { columns, rows } = profile;
  const isOpen = columns.length <= mostOpenColumns;
  return html`<details class="columns" ${isOpen && html`open`}>
    <summary>${columns.length === 1 ? "The column" : `All ${String(columns.length)} columns`}</summary>
    <table>
      <caption class="unseen">
        Columns of ${dataset.title}
      </caption>
      <thead>
        <tr>
          <th scope="col">Column</th>
          <th scope="col">Shape</th>
          <th scope="col">In short</th>
          <th scope="col" class="number">Different</th>
          <th scope="col" class="number">Missing</th>
        </tr>
      </thead>
      <tbody>
        ${columns.map((column) => tableRow(column, rows))}
      </tbody>
    </table>
  </details>`;
}

function tableRow(column: ColumnProfile, rows: number): Html {
  const { name, type, distinct, missing } = column;
  return html`<tr>
    <th scope="row"><span class="name">${name}</span> <span class="type">${type}</span></th>
    <td class="shape">${sparkline(column)}</td>
    <td class="short">${inShort(column)}</td>
    <td class="number" data-label="different">${distinct.isExact ? "" : "≈ "}${formatCount(distinct.count)}</td>
    <td class="number ${missing === 0 && "zero"}" data-label="missing">${formatShare(missing / rows)}</td>
  </tr>`;
}

function inShort({ type, numbers, dates, top, present, distinct, texts }: ColumnProfile): Html {
  if (dates !== null)
    return html`${formatMoment(dates.first, dates.precision)} to ${formatMoment(dates.last, dates.precision)}`;
  if (numbers !== null && type !== "mixed") {
    const { min, max, mean, quantiles, isExact } = numbers;
    const about = isExact ? "" : "≈ ";
    return html`${formatValue(min)} to ${formatValue(max)}<span class="more"
        >, median ${about}${formatValue(quantiles.p50)}, mean ${formatValue(mean)}</span
      >`;
  }
  const [first] = top.values;
  if (first === undefined) return html`no values`;
  if (distinct.count >= present * 0.98) return html`hardly two alike<span class="more">${lengthOf(texts)}</span>`;
  const share = top.isExact ? `, ${formatShare(first.count / present)}` : ", most frequent";
  return html`<q>${cut(first.value)}</q><span class="more">${share}</span>`;
}

function lengthOf(texts: ColumnProfile["texts"]): string {
  if (texts === null) return "";
  const { shortest, longest } = texts;
  return shortest === longest
    ? `, ${String(longest)} characters each`
    : `, ${String(shortest)} to ${String(longest)} characters`;
}

function cut(text: string): string {
  return text.length <= 42 ? text : `${text.slice(0, 41).trimEnd()}…`;
}
