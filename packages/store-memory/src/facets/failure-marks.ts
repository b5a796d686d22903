import {
  applyFailureMarks,
  compareFailureMarks,
  type FailureMark,
  type FailureMarkAnswer,
  type FailureMarkAsk,
  mostFailureMarks,
  takenMarks,
} from "@millrace/models";
import type { MemoryState } from "../state/memory-state.ts";

/** What operators say of failures, the newest first. */
export function listFailureMarks({ failureMarks }: MemoryState): readonly FailureMark[] {
  return Object.freeze([...failureMarks.values()].toSorted(compareFailureMarks));
}

/** Keeps marks; the oldest give way to what is too many. */
export function setFailureMarks(state: MemoryState, asks: readonly FailureMarkAsk[]): readonly FailureMarkAnswer[] {
  const { failureMarks, now } = state;
  const answers = applyFailureMarks(asks, { before: [...failureMarks.values()], now });
  for (const { mark } of answers) failureMarks.set(mark.key, mark);
  for (const { key } of listFailureMarks(state).slice(mostFailureMarks)) failureMarks.delete(key);
  return answers;
}

/** Takes marks back. */
export function removeFailureMarks(
  { failureMarks }: MemoryState,
  keys: readonly string[],
): readonly (FailureMark | null)[] {
  const taken = takenMarks(keys, [...failureMarks.values()]);
  for (const key of keys) failureMarks.delete(key);
  return taken;
}
