import type { ReactElement, ReactNode } from "react";
import { Glyph } from "../state/glyph.tsx";
import type { GlyphName, Tone } from "../state/state-words.ts";

const looks: Readonly<Record<string, readonly [GlyphName, Tone]>> = {
  ok: ["check", "ok"],
  warning: ["triangle", "warn"],
  problem: ["cross", "bad"],
};

/** How something stands, and what to do about it. */
export function Said({
  verdict = "ok",
  fix = null,
  children,
}: {
  readonly verdict?: string;
  readonly fix?: string | null;
  readonly children: ReactNode;
}): ReactElement {
  const [name, tone] = looks[verdict] ?? ["circle", "idle"];
  return (
    <p className="flex gap-1.5">
      <span className="pt-0.5">
        <Glyph name={name} tone={tone} />
      </span>
      <span className="min-w-0 wrap-anywhere">
        {verdict === "ok" ? null : <span className="sr-only">{verdict}: </span>}
        {children}
        {fix === null ? null : <span className="text-text-2"> {fix}</span>}
      </span>
    </p>
  );
}
