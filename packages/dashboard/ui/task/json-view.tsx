import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState, type ReactElement } from "react";
import { CopyButton, useCopy } from "../controls/copy.tsx";
import { jsonLines } from "../format/json-lines.ts";
import { plural, sizeText } from "../format/numbers.ts";

const collapsedBytes = 8_192;
const previewBytes = 262_144;
const lineHeight = 18;

/** A value as JSON: in part when it is long, found in, copied, and taken home whole. Never more than what is seen stands in the page. */
export function JsonView({ value, name }: { readonly value: unknown; readonly name: string }): ReactElement {
  const [isWhole, setWhole] = useState(false);
  const [find, setFind] = useState("");
  const text = useMemo(() => JSON.stringify(value, null, 2) ?? "null", [value]);
  const isLong = text.length > collapsedBytes;
  const bounds = isLong && !isWhole ? { lines: 60, depth: 60, text: 500 } : { lines: 20_000, depth: 60, text: 5_000 };
  const { lines, isCut } = useMemo(() => jsonLines(value, bounds), [value, isLong, isWhole]);
  const wanted = find.trim().toLowerCase();
  const shown = wanted === "" ? lines : lines.filter((line) => line.text.toLowerCase().includes(wanted));
  return (
    <div className="flex flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        <input
          type="search"
          className="input w-44! grow sm:grow-0"
          placeholder={`Find in ${name}`}
          aria-label={`Find in ${name}`}
          value={find}
          onChange={({ target }) => setFind(target.value)}
        />
        <span className="text-text-3">
          {sizeText(text.length)}
          {wanted === "" ? "" : ` · ${plural(shown.length, "line")}`}
        </span>
        <div className="grow" />
        <CopyButton text={text}>Copy</CopyButton>
        <button type="button" className="button" onClick={() => download(`${name}.json`, text)}>
          Download
        </button>
      </div>
      <Lines lines={shown} name={name} />
      {isLong && !isWhole ? (
        <button type="button" className="button m-2 self-start" onClick={() => setWhole(true)}>
          Show more ({sizeText(text.length)})
        </button>
      ) : null}
      {isWhole && (isCut || text.length > previewBytes) ? (
        <p className="px-3 py-2 text-text-2">
          This is a preview: long texts and lists are cut. Download has all of it.
        </p>
      ) : null}
    </div>
  );
}

function Lines({
  lines,
  name,
}: {
  readonly lines: ReturnType<typeof jsonLines>["lines"];
  readonly name: string;
}): ReactElement {
  const ref = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => ref.current,
    estimateSize: () => lineHeight,
    overscan: 10,
  });
  const [said, copy] = useCopy();
  const height = Math.min(lines.length * lineHeight + 16, 440);
  return (
    <div
      ref={ref}
      tabIndex={0}
      role="group"
      aria-label={`${name} as JSON`}
      className="mono overflow-auto py-2"
      style={{ height }}
    >
      <div className="relative w-max min-w-full" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          return line ? (
            <div
              key={index}
              className="absolute w-max min-w-full px-3 leading-[18px] whitespace-pre hover:bg-surface-2"
              style={{ top: start, height: lineHeight, paddingInlineStart: 12 + line.depth * 14 }}
              title={said ?? `${line.path}, double click copies the path`}
              onDoubleClick={() => copy(line.path)}
            >
              <Coloured text={line.text} />
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}

function Coloured({ text }: { readonly text: string }): ReactElement {
  const [, key, rest = text] = /^("(?:[^"\\]|\\.)*": )?(.*)$/s.exec(text) ?? [];
  return (
    <>
      {key === undefined ? null : <span className="text-text-2">{key}</span>}
      <span
        className={
          rest.startsWith('"')
            ? "text-ok"
            : /^[\d-]/.test(rest)
              ? "text-run"
              : /^(?:true|false|null)/.test(rest)
                ? "text-warn"
                : "text-text-2"
        }
      >
        {rest}
      </span>
    </>
  );
}

/** Hands a text to the reader as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
