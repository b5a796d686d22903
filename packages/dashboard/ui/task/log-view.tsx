import type { TaskStep } from "@millrace/models";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type ReactElement } from "react";
import { ansiParts, type AnsiPart } from "../format/ansi-parts.ts";
import { plural } from "../format/numbers.ts";
import { lineText } from "../format/texts.ts";
import { absoluteText, clockText, isoText } from "../format/times.ts";
import { useZone } from "../settings/use-zone.ts";
import { Glyph } from "../state/glyph.tsx";
import { download } from "./json-view.tsx";
import { linkParts } from "./log-text.ts";

const colours: Readonly<Record<AnsiPart["tone"], string>> = {
  plain: "",
  bad: "text-bad",
  ok: "text-ok",
  warn: "text-warn",
  run: "text-run",
  quiet: "text-text-3",
};
const signs = {
  debug: null,
  info: null,
  success: { name: "check", tone: "ok" },
  warn: { name: "triangle", tone: "warn" },
  error: { name: "cross", tone: "bad" },
} as const;

/** What a task said, line by line. It follows the newest until somebody scrolls up. */
export function LogView({
  steps,
  hasMore,
  onMore,
  isLive,
}: {
  readonly steps: readonly TaskStep[];
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly isLive: boolean;
}): ReactElement {
  const [find, setFind] = useState("");
  const [isNewestFirst, setNewestFirst] = useState(false);
  const [follows, setFollows] = useState(true);
  const ref = useRef<HTMLDivElement>(null);
  const wanted = find.trim().toLowerCase();
  const found =
    wanted === ""
      ? steps
      : steps.filter(
          ({ message, kind }) => message.toLowerCase().includes(wanted) || kind.toLowerCase().includes(wanted),
        );
  const shown = isNewestFirst ? found.toReversed() : found;
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => ref.current,
    estimateSize: () => 22,
    overscan: 12,
    getItemKey: (index) => shown[index]?.id ?? index,
  });
  useEffect(() => {
    if (isLive && follows && !isNewestFirst && shown.length > 0)
      virtual.scrollToIndex(shown.length - 1, { align: "end" });
  }, [shown.length, follows, isNewestFirst, isLive, virtual]);
  const onScroll = (): void => {
    const box = ref.current;
    if (box) setFollows(box.scrollHeight - box.scrollTop - box.clientHeight < 40);
  };
  return (
    <div className="flex flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        <input
          type="search"
          className="input w-44! grow sm:grow-0"
          placeholder="Find in the log"
          aria-label="Find in the log"
          value={find}
          onChange={({ target }) => setFind(target.value)}
        />
        <span className="text-text-3">{plural(found.length, "line")}</span>
        <div className="grow" />
        <button
          type="button"
          className="button"
          aria-pressed={isNewestFirst}
          onClick={() => setNewestFirst(!isNewestFirst)}
        >
          {isNewestFirst ? "Newest first" : "Oldest first"}
        </button>
        <button type="button" className="button" onClick={() => download("log.txt", steps.map(plainLine).join("\n"))}>
          Download
        </button>
      </div>
      {hasMore ? (
        <button type="button" className="button m-2 self-start" onClick={onMore}>
          Load earlier lines
        </button>
      ) : null}
      {shown.length === 0 ? (
        <p className="px-4 py-8 text-center text-text-2">
          {wanted === "" ? "It has not said anything yet." : "No line has this."}
        </p>
      ) : (
        <div
          ref={ref}
          role="log"
          aria-live="off"
          aria-label="Log"
          tabIndex={0}
          className="h-[440px] overflow-auto py-1"
          onScroll={onScroll}
        >
          <div className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ index, start }) => {
              const step = shown[index];
              return step ? (
                <div
                  key={step.id}
                  ref={virtual.measureElement}
                  data-index={index}
                  className="absolute inset-x-0"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <LogLine step={step} />
                </div>
              ) : null;
            })}
          </div>
        </div>
      )}
      {isLive && !follows && !isNewestFirst ? (
        <button type="button" className="button m-2 self-end" onClick={() => setFollows(true)}>
          Follow the newest
        </button>
      ) : null}
    </div>
  );
}

function LogLine({ step }: { readonly step: TaskStep }): ReactElement {
  const { at, level, message, kind, attempt, n, percent } = step;
  const zone = useZone();
  const sign = signs[level];
  return (
    <div className="mono grid grid-cols-[64px_14px_1fr] gap-2 px-3 py-0.5 hover:bg-surface-2">
      <time
        className="text-text-3"
        dateTime={isoText(at)}
        title={`${absoluteText(at, zone)} · attempt ${attempt}, line ${n}`}
      >
        {clockText(at, zone, at)}
      </time>
      <span className="flex h-5 items-center">
        {sign ? <Glyph name={sign.name} tone={sign.tone} size={12} /> : null}
      </span>
      <span className={`wrap-anywhere whitespace-pre-wrap ${level === "debug" ? "text-text-2" : ""}`}>
        {kind === "log" || kind === "" ? null : <span className="text-text-2">{lineText(kind, 60)} </span>}
        <Message text={message} />
        {percent === null ? null : <span className="text-text-3"> {Math.round(percent)}%</span>}
      </span>
    </div>
  );
}

function Message({ text }: { readonly text: string }): ReactElement {
  return (
    <>
      {ansiParts(text.slice(0, 20_000)).map(({ text: part, tone, isBold }, index) => (
        <span key={index} className={`${colours[tone]} ${isBold ? "font-semibold" : ""}`}>
          {linkParts(part).map(({ text: piece, href }, at) =>
            href === null ? (
              piece
                .split("\n")
                .map((line) => lineText(line, 20_000))
                .join("\n")
            ) : (
              <a key={at} href={href} target="_blank" rel="noreferrer noopener">
                {piece}
              </a>
            ),
          )}
        </span>
      ))}
    </>
  );
}

function plainLine({ at, level, kind, message }: TaskStep): string {
  return `${isoText(at)} ${level} ${kind} ${message}`;
}
