import { useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import { ActionButton } from "../controls/action-button.tsx";
import { Dragged } from "../controls/dragged.tsx";
import { useBrush, type Share } from "../controls/use-brush.ts";
import { durationText } from "../format/durations.ts";
import { plural } from "../format/numbers.ts";
import { ansiParts } from "../format/ansi-parts.ts";
import { lineText } from "../format/texts.ts";
import { Glyph } from "../state/glyph.tsx";
import {
  momentAt,
  placeOn,
  timelineOf,
  zoomTo,
  type ScalePiece,
  type TimelineParts,
  type TimelineRow,
  type TimeSpan,
} from "./timeline-layout.ts";

const fills: Readonly<Record<TimelineRow["outcome"], string>> = {
  ok: "bg-ok-mark",
  bad: "bg-bad-mark",
  warn: "bg-warn-mark",
  run: "bg-run-mark",
  idle: "bg-idle-mark",
};
const glyphs = { ok: "check", bad: "cross", warn: "dashed", run: "half", idle: "circle" } as const;

// The rows, what is dragged over them, and the scale below them stand in the same columns.
const columns = "grid grid-cols-[minmax(96px,34%)_1fr_64px] gap-2 md:grid-cols-[minmax(120px,30%)_1fr_72px]";

/** What went on when: waits, attempts and what they said, on one scale whose long waits are folded, and any span of it closer. */
export function TimelineChart(parts: Omit<TimelineParts, "zoom">): ReactElement | null {
  const [zoom, setZoom] = useState<TimeSpan | null>(null);
  const [onlyBad, setOnlyBad] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const { rows, scale, span, whole, hiddenSteps } = timelineOf({ ...parts, zoom });
  const show = (from: number, to: number): void => setZoom(zoomTo({ from, to }, whole));
  const showShare = ([from, to]: Share): void => show(momentAt(scale, from), momentAt(scale, to));
  const showWhole = (): void => {
    setZoom(null);
    box.current?.focus();
  };
  const { dragged, handlers } = useBrush(showShare);
  if (rows.length === 0) return null;
  const hasBad = rows.some(({ outcome }) => outcome === "bad" || outcome === "warn");
  const shown = onlyBad
    ? rows.filter(({ outcome, type }) => type === "attempt" || outcome === "bad" || outcome === "warn")
    : rows;
  const onKey = (event: KeyboardEvent): void => {
    const part = (span.to - span.from) / 4;
    const does: Readonly<Record<string, () => void>> = {
      "+": () => showShare([0.25, 0.75]),
      "=": () => showShare([0.25, 0.75]),
      "-": () => show(span.from - 2 * part, span.to + 2 * part),
      ArrowLeft: () => show(span.from - part, span.to - part),
      ArrowRight: () => show(span.from + part, span.to + part),
      ...(zoom ? { "0": showWhole, Escape: showWhole } : {}),
    };
    const run = does[event.key];
    if (!run || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    run();
  };
  return (
    <section className="panel" aria-label="Timeline">
      <div className="panel-head">
        <h2 className="panel-title">Timeline</h2>
        <span className="text-text-3" role="status">
          {zoom
            ? `${durationText(span.to - span.from)} of ${durationText(whole.to - whole.from)}`
            : `drag to look closer${scale.some(({ isFolded }) => isFolded) ? ", long waits are folded" : ""}`}
        </span>
        {zoom ? (
          <ActionButton hotkey="0" className="-my-1" onClick={showWhole}>
            Whole
          </ActionButton>
        ) : null}
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
      <div
        ref={box}
        role="group"
        aria-label="Timeline: plus and minus zoom, arrows move, 0 shows the whole"
        tabIndex={0}
        className="relative touch-pan-y px-3 py-2"
        onKeyDown={onKey}
        {...handlers}
      >
        <ol>
          {shown.map((row) => (
            <Row key={row.id} row={row} scale={scale} onZoom={show} />
          ))}
          {hiddenSteps > 0 ? (
            <li className="py-1 pl-5 text-text-3">{plural(hiddenSteps, "earlier step")} in the log</li>
          ) : null}
        </ol>
        <div className={`${columns} text-2xs text-text-3`}>
          <span className="col-start-2 flex justify-between">
            {[span.from, span.to].map((at) => (
              <span key={at}>+{durationText(at - whole.from)}</span>
            ))}
          </span>
        </div>
        <div className={`${columns} pointer-events-none absolute inset-x-3 inset-y-0`} aria-hidden="true">
          <span className="relative col-start-2" data-brush="">
            {dragged ? <Dragged share={dragged} /> : null}
          </span>
        </div>
      </div>
    </section>
  );
}

function Row({
  row,
  scale,
  onZoom,
}: {
  readonly row: TimelineRow;
  readonly scale: readonly ScalePiece[];
  readonly onZoom: (from: number, to: number) => void;
}): ReactElement {
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
    <li className={`${columns} items-center py-0.5`}>
      <span
        className={`flex min-w-0 items-center gap-1.5 ${type === "step" ? "pl-5 text-text-2" : type === "wait" ? "text-text-3" : "font-medium"}`}
      >
        {type === "attempt" ? <Glyph name={glyphs[outcome]} tone={outcome} size={12} /> : null}
        {type === "attempt" ? (
          <button
            type="button"
            className="min-h-[24px] truncate hover:underline"
            aria-label={`${words}, look closer`}
            onClick={() => onZoom(from, to)}
          >
            {words}
          </button>
        ) : (
          <span className="truncate" title={words}>
            {words}
          </span>
        )}
      </span>
      <span className="relative flex h-5 cursor-crosshair items-center select-none" aria-hidden="true">
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
