import type { Figures, Suite, Target } from "./suite.ts";
import { ratiosOf, type Spread, spreadOf } from "./statistics.ts";

/** The figures of a suite: for each variant, one entry a round; none when it was left out. */
export type Measured = Readonly<Record<string, readonly Figures[]>>;

/** How a target was met. */
export interface Verdict {
  readonly label: string;
  readonly value: Spread;
  readonly bound: string;
  readonly goal: number | null;
  readonly met: boolean;
}

/** Holds what was measured against what was asked; the median of the rounds decides. What was left out judges nothing. */
export function judge(suite: Suite, measured: Measured): readonly Verdict[] {
  const isThere = (path: string): boolean => measured[path.slice(0, path.lastIndexOf("."))]?.length !== 0;
  return suite.targets
    .filter(({ of, per = of, plus }) => [of, per, plus?.figure ?? of].every(isThere))
    .map((target) => verdictOf(target, measured));
}

function verdictOf(target: Target, measured: Measured): Verdict {
  const values = figureOf(measured, target.of);
  const value = spreadOf(target.per ? ratiosOf(values, figureOf(measured, target.per)) : values);
  const plus = target.plus ? target.plus.times * spreadOf(figureOf(measured, target.plus.figure)).median : 0;
  const atMost = target.atMost === undefined ? null : target.atMost + plus;
  const met =
    (target.atLeast === undefined || value.median >= target.atLeast) && (atMost === null || value.median <= atMost);
  const bound = target.atLeast === undefined ? `≤ ${short(atMost ?? 0)}` : `≥ ${short(target.atLeast)}`;
  return { label: target.label, value, bound, goal: target.goal ?? null, met };
}

function figureOf(measured: Measured, path: string): readonly number[] {
  const dot = path.lastIndexOf(".");
  const rounds = measured[path.slice(0, dot)] ?? [];
  const name = path.slice(dot + 1);
  return rounds.map((figures) => {
    const figure = figures[name];
    if (figure === undefined) throw new Error(`Nothing was measured under ${path}.`);
    return figure;
  });
}

/** A number as people read it. */
export function short(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString("en-US");
  return Number(value.toPrecision(3)).toString();
}
