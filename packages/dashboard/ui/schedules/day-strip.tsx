import type { ReactElement } from "react";
import type { Occurrence, ShownSchedule } from "../api/answers.ts";
import { durationText } from "../format/durations.ts";
import { plural } from "../format/numbers.ts";
import { lineText } from "../format/texts.ts";
import { shortText } from "../format/times.ts";
import { useZone } from "../settings/use-zone.ts";
import { Glyph } from "../state/glyph.tsx";
import type { GlyphName, Tone } from "../state/state-words.ts";
import { lookOf, stripOf, type StripMark } from "./strip-layout.ts";

const looks: Readonly<Record<StripMark["look"], string>> = {
  next: "h-3 w-0.5 bg-text-2",
  "skipped-next": "h-3 w-0 border-l-2 border-dotted border-line-strong",
  ok: "h-3 w-0.5 bg-ok-mark",
  bad: "h-3.5 w-1 bg-bad-mark",
  run: "h-3 w-0.5 bg-run-mark",
  missed: "size-2.5 rounded-full border-2 border-bad-mark bg-surface",
  passed: "size-1.5 rounded-full border border-line-strong",
};

/** A day of a schedule: what ran, what did not, and what comes. It says in words what it shows. */
export function DayStrip({ schedule, now }: { readonly schedule: ShownSchedule; readonly now: number }): ReactElement {
  const { marks, more } = stripOf(schedule, now);
  const zone = useZone();
  const missed = marks.filter(({ look }) => look === "missed").length;
  const label = `${plural(marks.filter(({ look }) => look === "next").length, "run")}${more === null ? "" : " and more"} in the next 12 hours, ${plural(missed, "run")} missed in the last 12`;
  return (
    <div role="img" aria-label={label} className="relative h-5 overflow-hidden">
      <span className="absolute inset-x-0 top-1/2 h-px bg-line" />
      <span className="absolute inset-y-0 left-1/2 w-px bg-accent" />
      {more === null ? null : (
        <span
          className="absolute inset-y-1 right-0 opacity-60"
          style={{
            left: `${more.place * 100}%`,
            backgroundImage: "repeating-linear-gradient(90deg, var(--text-2) 0 2px, transparent 2px 6px)",
          }}
          title={`then about every ${durationText(more.everyMs)}`}
        />
      )}
      {marks.map(({ place, look, at, note }) => (
        <span
          key={`${at} ${look}`}
          className={`absolute top-1/2 -translate-x-1/2 -translate-y-1/2 ${looks[look]}`}
          style={{ left: `${place * 100}%` }}
          title={`${shortText(at, zone)}${note === "" ? "" : ` · ${lineText(note, 200)}`}`}
        />
      ))}
    </div>
  );
}

const signs: Readonly<Record<StripMark["look"], readonly [GlyphName, Tone]>> = {
  next: ["clock", "idle"],
  "skipped-next": ["skip", "idle"],
  ok: ["check", "ok"],
  bad: ["cross", "bad"],
  run: ["half", "run"],
  missed: ["hollow-cross", "bad"],
  passed: ["skip", "idle"],
};

/** How one occurrence came out, as sign and word. */
export function OutcomeSign({
  occurrence,
  isQuiet = false,
}: {
  readonly occurrence: Occurrence;
  readonly isQuiet?: boolean;
}): ReactElement {
  const { look, note } = lookOf(occurrence);
  const [name, tone] = signs[look];
  const { task } = occurrence;
  const took =
    task && task.startedAt !== null && task.finishedAt !== null ? durationText(task.finishedAt - task.startedAt) : null;
  const word =
    look === "missed" || look === "passed" ? occurrence.outcome : (took ?? task?.state ?? occurrence.outcome);
  return (
    <span className="inline-flex items-center gap-1.5" title={lineText(note, 300)}>
      <Glyph name={name} tone={tone} />
      <span className={isQuiet ? "sr-only" : ""}>{word}</span>
    </span>
  );
}
