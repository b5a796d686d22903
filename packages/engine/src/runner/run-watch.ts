import type { CancelTimer, Clock, Logger, TaskAbortReason, TaskOutcome, TaskRun } from "@millrace/models";
import type { HeldTask, RunningTasks } from "./running-tasks.ts";

/** How much longer than its grace an isolated executor gets to end a child before its host stops waiting for it. */
const killMarginMs = 10_000;

export interface RunWatchPorts {
  readonly tasks: RunningTasks;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly abortGraceMs: number;
}

/** One run under way, until its outcome is there, or until nobody waits for it any more: it has outlived its abort. */
export class RunWatch {
  readonly task: HeldTask;
  readonly run: TaskRun;
  readonly #ports: RunWatchPorts;
  #timers: CancelTimer[] | null = null;
  #onEnd: ((watch: RunWatch, outcome: TaskOutcome) => void) | null = null;

  constructor(task: HeldTask, run: TaskRun, ports: RunWatchPorts) {
    this.task = task;
    this.run = run;
    this.#ports = ports;
  }

  /** The run has begun: its time limit counts from now on. `onEnd` is called once. */
  begin(onEnd: (watch: RunWatch, outcome: TaskOutcome) => void): void {
    this.#onEnd = onEnd;
    this.task.phase = "running";
    this.task.watch = this;
    const { timeoutMs } = this.run;
    if (timeoutMs !== null) this.#after(timeoutMs, () => this.#ports.tasks.abort(this.task, "timeout"));
  }

  /** The attempt was aborted. A cancel and a shutdown wait for the handler; only what must not go on is given up. */
  aborted(why: TaskAbortReason): void {
    if (why !== "timeout" && why !== "lease-lost") return;
    const { served, lease } = this.task;
    const waitMs = this.#ports.abortGraceMs + (served.executor.isolated ? killMarginMs : 0);
    this.#after(waitMs, () => {
      this.#ports.logger.warn(`A handler of "${served.kind}" did not end although its attempt was aborted.`, {
        taskId: lease.taskId,
        attempt: lease.attempt,
        why,
      });
      this.end({ type: "aborted", why, failure: null });
    });
  }

  /** Its outcome is there; whatever comes after the first says nothing. */
  end(outcome: TaskOutcome): void {
    const onEnd = this.#onEnd;
    if (onEnd === null) return;
    this.#onEnd = null;
    this.task.watch = null;
    for (const cancel of this.#timers ?? []) cancel();
    onEnd(this, outcome);
  }

  #after(ms: number, then: () => void): void {
    (this.#timers ??= []).push(this.#ports.clock.after(ms, then));
  }
}
