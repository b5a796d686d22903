import type { FailureMark, FailureMarkAnswer, FailureMarkAsk } from "../contracts/failure-marks.ts";
import type { EpochMs } from "../time/clock.ts";

/** How many marks a store keeps. */
export const mostFailureMarks = 1_000;

/** How many failures a mark may wait for; no store counts further. */
export const mostFailuresCounted = 10_000;

/** What a batch of marks comes to, where `before` holds those that its keys have so far. Pure, so that every store answers alike. */
export function applyFailureMarks(
  asks: readonly FailureMarkAsk[],
  { before, now }: { readonly before: readonly FailureMark[]; readonly now: EpochMs },
): readonly FailureMarkAnswer[] {
  const known = new Map(before.map((mark) => [mark.key, mark]));
  return asks.map((ask) => {
    const mark = markOf(ask, now);
    const answer = Object.freeze({ mark, before: known.get(ask.key) ?? null });
    known.set(ask.key, mark);
    return answer;
  });
}

function markOf(ask: FailureMarkAsk, at: EpochMs): FailureMark {
  const { key, by, note } = ask;
  if (ask.state === "resolved") return Object.freeze({ key, state: ask.state, at, by, note });
  return Object.freeze({ key, state: ask.state, untilCount: ask.untilCount, at, by, note });
}

/** Takes back marks of `known`, each once. Pure. */
export function takenMarks(keys: readonly string[], known: readonly FailureMark[]): readonly (FailureMark | null)[] {
  const left = new Map(known.map((mark) => [mark.key, mark]));
  return keys.map((key) => {
    const mark = left.get(key) ?? null;
    left.delete(key);
    return mark;
  });
}

/** The order of the list: the newest first, those of one moment by key. */
export function compareFailureMarks(a: FailureMark, b: FailureMark): number {
  return b.at - a.at || (a.key < b.key ? -1 : 1);
}
