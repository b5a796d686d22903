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
