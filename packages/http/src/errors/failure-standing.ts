import type { FailureMark } from "@millrace/models";

/** Where failures that are alike can stand. */
export const failureStates = ["open", "resolved", "ignored"] as const;

/** Where they stand by what was said of them, and by what failed since. */
export interface FailureStanding {
  readonly state: (typeof failureStates)[number];
  /** Why they are open although they are marked: they failed again after they were resolved, or as often as they were to be ignored. */
  readonly reopened: "regressed" | "count-reached" | null;
  readonly mark: FailureMark | null;
  /** How many tasks failed since the mark, as far as was counted; null = there is no mark. */
  readonly failedSince: number | null;
}

const unmarked: FailureStanding = Object.freeze({ state: "open", reopened: null, mark: null, failedSince: null });

/** Judges a mark by how many tasks failed after it. Pure. */
export function failureStanding(mark: FailureMark | null, failedSince: number): FailureStanding {
  if (mark === null) return unmarked;
  if (mark.state === "resolved") {
    if (failedSince === 0) return { state: "resolved", reopened: null, mark, failedSince };
    return { state: "open", reopened: "regressed", mark, failedSince };
  }
  if (mark.untilCount === null || failedSince < mark.untilCount) {
    return { state: "ignored", reopened: null, mark, failedSince };
  }
  return { state: "open", reopened: "count-reached", mark, failedSince };
}
