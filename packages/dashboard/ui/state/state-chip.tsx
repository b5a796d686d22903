import type { TaskState } from "@millrace/models";
import type { ReactElement } from "react";
import { Glyph } from "./glyph.tsx";
import { stateWords, type Tone } from "./state-words.ts";

const grounds: Readonly<Record<Tone, string>> = {
  run: "bg-run-soft text-run",
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  idle: "bg-idle-soft text-idle",
};

/** A state as sign and word on its own ground; `more` follows the word: `Retrying in 12s`. */
export function StateChip({
  state,
  more,
}: {
  readonly state: TaskState;
  readonly more?: string | undefined;
}): ReactElement {
  const { word, tone, glyph } = stateWords[state];
  return (
    <span className={`chip ${grounds[tone]}`}>
      <Glyph name={glyph} tone={tone} size={12} />
      {word}
      {more === undefined ? null : ` ${more}`}
    </span>
  );
}

/** A state in a row: the sign is coloured, the word is not. */
export function StateSign({
  state,
  isQuiet = false,
}: {
  readonly state: TaskState;
  readonly isQuiet?: boolean;
}): ReactElement {
  const { word, tone, glyph } = stateWords[state];
  return (
    <span className="inline-flex items-center gap-1.5" title={isQuiet ? word : undefined}>
      <Glyph name={glyph} tone={tone} turns={state === "running"} />
      <span className={isQuiet ? "sr-only" : ""}>{word}</span>
    </span>
  );
}

/** Any words on the ground of a tone. */
export function ToneChip({
  tone,
  children,
}: {
  readonly tone: Tone;
  readonly children: React.ReactNode;
}): ReactElement {
  return <span className={`chip ${grounds[tone]}`}>{children}</span>;
}
