import type { TaskFailure } from "@millrace/models";
import { useState, type ReactElement } from "react";
import { CopyButton } from "../controls/copy.tsx";
import { plural } from "../format/numbers.ts";
import { frameGroups, stackParts, type StackFrame } from "../format/stack-frames.ts";
import { lineText } from "../format/texts.ts";
import { JsonView } from "./json-view.tsx";

/** What a handler threw: its message, the frames of the program itself first, and what caused it. */
export function ErrorView({ failure }: { readonly failure: TaskFailure }): ReactElement {
  return (
    <div className="flex flex-col gap-4 p-4">
      <OneFailure failure={failure} depth={0} />
      <div className="flex flex-wrap gap-2">
        <CopyButton text={() => plainText(failure)}>Copy</CopyButton>
        <CopyButton text={() => markdown(failure)}>Copy as Markdown</CopyButton>
      </div>
    </div>
  );
}

function OneFailure({ failure, depth }: { readonly failure: TaskFailure; readonly depth: number }): ReactElement {
  const { name, message, code, stack, details, cause } = failure;
  const { frames } = stackParts(stack ?? "");
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <p className="wrap-anywhere whitespace-pre-wrap">
        <span className="font-semibold text-bad">{lineText(name, 200)}</span>
        {code === undefined ? null : (
          <span className="mono ml-2 rounded-control bg-bad-soft px-1.5 py-0.5 text-bad">{lineText(code, 100)}</span>
        )}
      </p>
      <Message text={message} />
      {frames.length > 0 ? <Frames frames={frames} /> : null}
      {details === undefined || details === null ? null : (
        <div className="panel">
          <JsonView value={details} name="details" />
        </div>
      )}
      {cause === undefined || depth >= 8 ? null : (
        <details className="border-l-2 border-line pl-3">
          <summary className="cursor-pointer py-1 text-text-2">
            caused by {lineText(`${cause.name}: ${cause.message}`, 160)}
          </summary>
          <OneFailure failure={cause} depth={depth + 1} />
        </details>
      )}
    </div>
  );
}

function Message({ text }: { readonly text: string }): ReactElement {
  const [isWhole, setWhole] = useState(false);
  const isLong = text.length > 1_000;
  const lines = (isLong && !isWhole ? text.slice(0, 1_000) : text.slice(0, 100_000))
    .split("\n")
    .map((line) => lineText(line, 5_000));
  return (
    <>
      <p className="max-h-96 overflow-auto wrap-anywhere whitespace-pre-wrap" tabIndex={0}>
        {lines.join("\n")}
        {isLong && !isWhole ? "…" : ""}
      </p>
      {isLong && !isWhole ? (
        <button type="button" className="button self-start" onClick={() => setWhole(true)}>
          Show all
        </button>
      ) : null}
    </>
  );
}

function Frames({ frames }: { readonly frames: readonly StackFrame[] }): ReactElement {
  return (
    <ol className="mono scroll-x rounded-panel bg-surface-2 px-3 py-2" tabIndex={0} aria-label="Stack">
      {frameGroups(frames).map((group, index) =>
        group[0]?.isOwn ? (
          group.map(({ text }, at) => (
            <li key={`${index}-${at}`} className="whitespace-pre">
              {lineText(text, 500)}
            </li>
          ))
        ) : (
          <li key={index}>
            <details>
              <summary className="cursor-pointer text-text-3">{plural(group.length, "frame")} of libraries</summary>
              {group.map(({ text }, at) => (
                <div key={at} className="whitespace-pre text-text-2">
                  {lineText(text, 500)}
                </div>
              ))}
            </details>
          </li>
        ),
      )}
    </ol>
  );
}

function plainText(failure: TaskFailure): string {
  return failure.stack ?? `${failure.name}: ${failure.message}`;
}

function markdown(failure: TaskFailure): string {
  return `**${failure.name}**${failure.code === undefined ? "" : ` \`${failure.code}\``}\n\n\`\`\`text\n${plainText(failure).replaceAll("```", "'''")}\n\`\`\`\n`;
}
