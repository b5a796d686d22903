/** Where a task stands, as far as a terminal cares. */
export type ProgressState = "waiting" | "running" | "retrying" | "succeeded" | "failed" | "cancelled";

/** One task as the terminal shows it. */
export interface ProgressTask {
  readonly id: string;
  readonly label: string;
  readonly state: ProgressState;
  /** 0 to 100; `null` while unknown. */
  readonly percent: number | null;
  /** A few words beside the bar: rows so far, why it waits, what went wrong. */
  readonly note: string;
  /** How often it was started; 0 before the first time. */
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Epoch milliseconds; `null` before the first start. */
  readonly startedAt: number | null;
  /** Epoch milliseconds; `null` until it has ended for good. */
  readonly finishedAt: number | null;
}

/** Everything the progress display shows. */
export interface ProgressModel {
  readonly title: string;
  readonly startedAt: number;
  readonly tasks: readonly ProgressTask[];
}

/** Whether nothing more will happen to a task. */
export function hasEnded({ state }: ProgressTask): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled";
}
