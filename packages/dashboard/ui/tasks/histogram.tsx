import { useState, type KeyboardEvent, type ReactElement } from "react";
import { Dragged } from "../controls/dragged.tsx";
import { useBrush, type Share } from "../controls/use-brush.ts";
import { countText } from "../format/numbers.ts";
import { shortText } from "../format/times.ts";
import { useLiveQuery } from "../live/use-live-query.ts";
import { useZone } from "../settings/use-zone.ts";
import { ageTerm, isOfAge } from "./age-term.ts";
import { onlyValue, withOnly } from "../query/query-text.ts";
import { navigate } from "../routes/current-route.ts";
import { hrefOf, type Route } from "../routes/route.ts";

interface Histogram {
  readonly from: number;
  readonly now: number;
  readonly partMs: number;
  readonly parts: readonly { readonly at: number; readonly count: number }[];
  readonly knownFrom: number | null;
  readonly searched: number | null;
}

/** When the matches of the last day were made; a column, or a span of them, leads to those of its time. */
export function MatchHistogram({ q }: { readonly q: string }): ReactElement {
  const base = withOnly(q, "age", null);
  const { data } = useLiveQuery<Histogram>({
    queryKey: ["histogram", base],
    path: "histogram",
    query: { q: base, window: "24h" },
    everyMs: 30_000,
  });
  // Its room is there before it is, so that the rows below it stay where they are.
  if (!data || data.parts.every(({ count }) => count === 0)) {
    return <p className="h-8 text-text-3 max-md:hidden">{data ? "None was made in the last 24 hours." : ""}</p>;
  }
  return <Columns data={data} base={base} age={onlyValue(q, "age")} />;
}

/** From one column to another, both included. */
type Marked = readonly [first: number, last: number];

function Columns({
  data: { parts, partMs, now, knownFrom },
  base,
  age,
}: {
  readonly data: Histogram;
  readonly base: string;
  readonly age: string | null;
}): ReactElement {
  const zone = useZone();
  const [marked, mark] = useState<Marked | null>(null);
  const [stop, setStop] = useState<number | null>(null);
  const routeOf = ([one, other]: Marked): Route => {
    const [first, last] = [Math.min(one, other), Math.max(one, other)];
    const term = ageTerm(parts[first]?.at ?? now, { now, partMs: (last - first + 1) * partMs });
    return { page: "tasks", q: withOnly(base, "age", term) };
  };
  const markedOf = ([from, to]: Share): Marked => {
    const at = (share: number): number => Math.min(parts.length - 1, Math.floor(share * parts.length));
    return [at(from), at(to)];
  };
  const { dragged, handlers } = useBrush((share) => navigate(routeOf(markedOf(share))));
  const shown = dragged ? markedOf(dragged) : marked;
  const filled = [...parts.keys()].filter((index) => (parts[index]?.count ?? 0) > 0);
  const onKey = (event: KeyboardEvent<HTMLElement>): void => {
    const here = stop ?? filled.at(-1) ?? 0;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step !== undefined) {
      const next = filled[filled.indexOf(here) + step];
      if (next === undefined) return;
      mark(event.shiftKey ? [marked?.[0] ?? here, next] : null);
      event.currentTarget.querySelector<HTMLElement>(`[data-part="${next}"]`)?.focus();
    } else if (marked && (event.key === "Enter" || event.key === "Escape")) {
      if (event.key === "Enter") navigate(routeOf(marked));
      mark(null);
    } else return;
    event.preventDefault();
  };
  const most = Math.max(...parts.map(({ count }) => count));
  const isIn = (index: number): boolean =>
    shown
      ? index >= Math.min(...shown) && index <= Math.max(...shown)
      : age === null || isOfAge(age, parts[index]?.at ?? now, { now, partMs }) !== false;
  return (
    <ol
      aria-label="When they were made, over the last 24 hours. Drag, or shift and arrows, for a span"
      className="relative flex h-8 touch-pan-y items-stretch gap-px select-none max-md:hidden"
      onKeyDown={onKey}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) mark(null);
      }}
      {...handlers}
    >
      {parts.map(({ at, count }, index) => {
        const words = `${countText(count)} from ${shortText(at, zone)}`;
        const isKnown = knownFrom !== null && at + partMs > knownFrom;
        return (
          <li key={at} className={`flex grow items-end ${isIn(index) ? "" : "opacity-35"}`}>
            {count === 0 ? (
              <span className={`w-full ${isKnown ? "h-px bg-line" : ""}`} title={isKnown ? words : "not known"} />
            ) : (
              <a
                href={hrefOf(routeOf([index, index]))}
                data-part={index}
                tabIndex={index === (stop ?? filled.at(-1)) ? 0 : -1}
                draggable={false}
                aria-label={words}
                title={words}
                className="flex h-full w-full items-end hover:bg-surface-3"
                onFocus={() => setStop(index)}
              >
                <span
                  className="w-full rounded-t-xs bg-idle-mark"
                  style={{ height: `${Math.max(8, (100 * count) / most)}%` }}
                />
              </a>
            )}
          </li>
        );
      })}
      {dragged ? (
        <li>
          <Dragged share={dragged} />
        </li>
      ) : null}
    </ol>
  );
}
