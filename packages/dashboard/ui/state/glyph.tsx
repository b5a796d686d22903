import type { ReactElement } from "react";
import type { GlyphName, Tone } from "./state-words.ts";

const shapes: Readonly<Record<GlyphName, ReactElement>> = {
  clock: (
    <>
      <circle cx="8" cy="8" r="5.25" />
      <path d="M8 5v3.2l2 1.3" />
    </>
  ),
  circle: <circle cx="8" cy="8" r="5.25" />,
  linked: (
    <>
      <circle cx="5.6" cy="8" r="3.4" />
      <circle cx="10.4" cy="8" r="3.4" />
    </>
  ),
  quarter: (
    <>
      <circle cx="8" cy="8" r="5.25" />
      <path d="M8 8V2.75A5.25 5.25 0 0 1 13.25 8Z" fill="currentColor" stroke="none" />
    </>
  ),
  half: (
    <>
      <circle cx="8" cy="8" r="5.25" />
      <path d="M8 2.75a5.25 5.25 0 0 1 0 10.5Z" fill="currentColor" stroke="none" />
    </>
  ),
  loop: <path d="M12.8 8a4.8 4.8 0 1 1-1.5-3.5M12.9 2.2v3.2H9.7" />,
  dashed: (
    <>
      <circle cx="8" cy="8" r="5.25" strokeDasharray="2.4 2" />
      <circle cx="8" cy="8" r="1.6" fill="currentColor" stroke="none" />
    </>
  ),
  check: <path d="M3 8.6l3.3 3.3L13 4.6" strokeWidth="1.8" />,
  cross: (
    <>
      <circle cx="8" cy="8" r="6" fill="currentColor" stroke="none" />
      <path d="M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4" stroke="var(--surface)" />
    </>
  ),
  slashed: (
    <>
      <circle cx="8" cy="8" r="5.25" />
      <path d="M4.4 11.6l7.2-7.2" />
    </>
  ),
  bars: <path d="M5.8 3.5v9M10.2 3.5v9" strokeWidth="2" />,
  moon: <path d="M12.6 9.6A5.2 5.2 0 1 1 6.4 3.4a4.2 4.2 0 0 0 6.2 6.2Z" />,
  triangle: (
    <>
      <path d="M8 2.8l5.6 10H2.4Z" />
      <path d="M8 6.6v2.8M8 11v.4" />
    </>
  ),
  "hollow-cross": (
    <>
      <circle cx="8" cy="8" r="5.25" />
      <path d="M6 6l4 4M10 6l-4 4" />
    </>
  ),
  skip: <path d="M4 4l5 4-5 4ZM12 4v8" />,
};

const colours: Readonly<Record<Tone, string>> = {
  run: "text-run-mark",
  ok: "text-ok-mark",
  warn: "text-warn-mark",
  bad: "text-bad-mark",
  idle: "text-idle-mark",
};

/** The sign of a state: the word stands beside it, so it says nothing to those who listen. */
export function Glyph({
  name,
  tone = "idle",
  turns = false,
  size = 14,
}: {
  readonly name: GlyphName;
  readonly tone?: Tone;
  readonly turns?: boolean;
  readonly size?: number;
}): ReactElement {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={`shrink-0 ${colours[tone]} ${turns ? "turn" : ""}`}
    >
      {shapes[name]}
    </svg>
  );
}
