import { formatCount, formatDuration } from "../format/format-number.ts";
import type { DatasetFailure, FailedAttempt } from "../results/dataset-result.ts";
import { html, type Html } from "./html.ts";

/** What failed and why; nothing when nothing failed. */
export function failureSection(failures: readonly DatasetFailure[]): Html | null {
  if (failures.length === 0) return null;
  return html`<section class="failures" aria-labelledby="failures-title">
    <h2 id="failures-title">What failed, and why</h2>
    ${failures.map(failureCard)}
  </section>`;
}

function failureCard({ dataset, reason, attempts }: DatasetFailure): Html {
  const last = attempts.at(-1);
  return html`<article class="failure" id="${dataset.name}" aria-labelledby="${dataset.name}-title">
    <h3 id="${dataset.name}-title">${dataset.title}</h3>
    <p class="reason">${reason}</p>
    ${last?.damage && place(last)}
    ${
      attempts.length > 0 &&
      html`<ol class="attempts">
        ${attempts.map(attemptLine)}
      </ol>`
    }
    <p class="meaning">${dataset.keepShare === undefined ? ordinary : onPurpose}</p>
  </article>`;
}

const onPurpose =
  "This one was meant to fail: the demo cut its copy of the file short before the run. The task was tried again after " +
  "each failure, as it would be for a file that is still being written, then given up. The other tasks went on, and " +
  "this report waited for all of them.";
const ordinary = "The other tasks went on without it, and this report waited for all of them.";

function place({ damage }: FailedAttempt): Html | null {
  if (damage === null) return null;
  return html`<dl class="place">
      <div>
        <dt>Row</dt>
        <dd>${formatCount(damage.row)}</dd>
      </div>
      <div>
        <dt>Line</dt>
        <dd>${formatCount(damage.line)}</dd>
      </div>
      <div>
        <dt>Byte</dt>
        <dd>${formatCount(damage.byte)}</dd>
      </div>
      <div>
        <dt>Whole rows before it</dt>
        <dd>${formatCount(damage.row - 1)}</dd>
      </div>
    </dl>
    <p class="excerpt-label">The file around that place:</p>
    <pre
      class="excerpt"
    ><code>…${damage.excerpt}<span class="break" aria-label="the file breaks here">▌</span></code></pre>`;
}

function attemptLine({ attempt, startedAt, finishedAt }: FailedAttempt): Html {
  const time = new Date(startedAt).toISOString().slice(11, 19);
  return html`<li>
    <b>Attempt ${attempt}</b> at ${time} UTC, failed after ${formatDuration(finishedAt - startedAt)}
  </li>`;
}
