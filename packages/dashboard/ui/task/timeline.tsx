import { useState, type ReactElement } from "react";
import { durationText } from "../format/durations.ts";
import { plural } from "../format/numbers.ts";
import { ansiParts } from "../format/ansi-parts.ts";
import { lineText } from "../format/texts.ts";
import { Glyph } from "../state/glyph.tsx";
import { placeOn, type Timeline, type TimelineRow } from "./timeline-layout.ts";

const fills: Readonly<Record<TimelineRow["outcome"], string>> = {
  ok: "bg-ok-mark",
  bad: "bg-bad-mark",
  warn: "bg-warn-mark",
  run: "bg-run-mark",
  idle: "bg-idle-mark",
};
const glyphs = { ok: "check", bad: "cross", warn: "dashed", run: "half", idle: "circle" } as const;

/** What went on when: waits, attempts and what they said, on one scale whose long waits are folded. */
export function TimelineChart({ timeline }: { readonly timeline: Timeline }): ReactElement {
  const { rows, scale, hiddenSteps } = timeline;
  const [onlyBad, setOnlyBad] = useState(false);
  const hasBad = rows.some(({ outcome }) => outcome === "bad" || outcome === "warn");
  const shown = onlyBad
    ? rows.filter(({ outcome, type }) => type === "attempt" || outcome === "bad" || outcome === "warn")
    : rows;
  return (
    <section className="panel" aria-label="Timeline">
      <div className="panel-head">
        <h2 className="panel-title">Timeline</h2>
        <span className="text-text-3">{scale.some(({ isFolded }) => isFolded) ? "long waits are folded" : ""}</span>
        <div className="grow" />
        {hasBad ? (
          <label className="flex items-center gap-1.5 text-text-2">
            <input
              type="checkbox"
              className="size-4 accent-(--accent)"
              checked={onlyBad}
              onChange={({ target }) => setOnlyBad(target.checked)}
            />
            Only what went wrong
          </label>
        ) : null}
      </div>
      <ol className="px-3 py-2">
        {shown.map((row) => (
          <Row key={row.id} row={row} timeline={timeline} />
        ))}
        {hiddenSteps > 0 ? (
          <li className="py-1 pl-5 text-text-3">{plural(hiddenSteps, "earlier step")} in the log</li>
        ) : null}
      </ol>
    </section>
  );
}

function Row({ row, timeline: { scale } }: { readonly row: TimelineRow; readonly timeline: Timeline }): ReactElement {
  const { type, label, from, to, outcome, isOpen } = row;
  const [start, end] = [placeOn(scale, from), placeOn(scale, to)];
  const took = durationText(to - from);
  const words = lineText(
    ansiParts(label.slice(0, 2_000))
      .map(({ text }) => text)
      .join(""),
    200,
  );
  const height = type === "attempt" ? "h-3" : type === "step" ? "h-1.5" : "h-px";
  const look =
    type === "wait"
      ? "border-t border-dashed border-line-strong"
      : `${fills[outcome]} rounded-xs ${type === "step" ? "opacity-70" : ""}`;
  return (
    <li className="grid grid-cols-[minmax(96px,34%)_1fr_64px] items-center gap-2 py-0.5 md:grid-cols-[minmax(120px,30%)_1fr_72px]">
      <span
        className={`flex min-w-0 items-center gap-1.5 ${type === "step" ? "pl-5 text-text-2" : type === "wait" ? "text-text-3" : "font-medium"}`}
      >
        {type === "attempt" ? <Glyph name={glyphs[outcome]} tone={outcome} size={12} /> : null}
        <span className="truncate" title={words}>
          {words}
        </span>
      </span>
      <span className="relative flex h-5 items-center" aria-hidden="true">
        {scale
          .filter(({ isFolded }) => isFolded)
          .map((piece) => (
            <span
              key={piece.from}
              className="absolute inset-y-0 bg-surface-2"
              style={{ left: `${piece.start * 100}%`, width: `${piece.width * 100}%` }}
            />
          ))}
        <span
          className={`absolute ${height} ${look}`}
          style={{ left: `${start * 100}%`, width: `max(3px, ${(end - start) * 100}%)` }}
        />
      </span>
      <span className="text-end text-text-2">
        {took}
        {isOpen ? "…" : ""}
      </span>
    </li>
  );
}
