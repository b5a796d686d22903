import { PlacedList, type Placed, type RunIo, type TaskAbortReason } from "@millrace/models";

/** Aborts the runs of an executor that closes, beside each run's own signal. */
export interface AbortSwitch {
  /** Links the run at a position; the signals are only made when somebody looks at them. */
  link(io: OuterAbort, position: number): RunAbort;
  /** Aborts every linked run, and those linked later at once. */
  abortAll(reason: TaskAbortReason): void;
  /** Ends when no linked run is left; at once when none is. */
  whenEmpty(): Promise<void>;
}

/** Where a run is aborted from outside. */
export type OuterAbort = Pick<RunIo, "signal" | "abortReason">;

/** Whether and why one run must end. */
export interface RunAbort {
  readonly signal: AbortSignal;
  /** Null while nobody aborted it; the reason may be any value a foreign host has set. */
  reason(): { readonly value: unknown } | null;
  /** The run is over: lets go of the outer signal. */
  end(): void;
}

/** Makes the switch of one executor. */
export function createAbortSwitch(): AbortSwitch {
  const waiters = new Set<() => void>();
  const open = new OpenRuns(() => {
    for (const wake of waiters) wake();
    waiters.clear();
  });
  let closed: TaskAbortReason | null = null;
  return {
    link(io, position) {
      const run = new LinkedAbort(io, position, open);
      if (closed !== null) run.abort(closed);
      return run;
    },
    abortAll(reason) {
      closed = reason;
      for (const run of open.all()) run.abort(reason);
    },
    whenEmpty() {
      return open.isEmpty ? Promise.resolve() : new Promise((resolve) => void waiters.add(resolve));
    },
  };
}

/** The runs that have not ended. */
class OpenRuns {
  readonly #runs = new PlacedList<LinkedAbort>();
  readonly #onEmpty: () => void;

  constructor(onEmpty: () => void) {
    this.#onEmpty = onEmpty;
  }

  get isEmpty(): boolean {
    return this.#runs.size === 0;
  }

  all(): readonly LinkedAbort[] {
    return this.#runs.values();
  }

  add(run: LinkedAbort): void {
    this.#runs.add(run);
  }

  delete(run: LinkedAbort): void {
    if (this.#runs.delete(run) && this.isEmpty) this.#onEmpty();
  }
}

class LinkedAbort implements RunAbort, Placed {
  place = 0;
  readonly #io: OuterAbort;
  readonly #position: number;
  readonly #open: OpenRuns;
  #own: { readonly value: TaskAbortReason } | null = null;
  #controller: AbortController | null = null;

  constructor(io: OuterAbort, position: number, open: OpenRuns) {
    this.#io = io;
    this.#position = position;
    this.#open = open;
    open.add(this);
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      const reason = this.reason();
      if (reason) this.#controller.abort(reason.value);
      else this.#io.signal(this.#position).addEventListener("abort", this, { once: true });
    }
    return this.#controller.signal;
  }

  reason(): { readonly value: unknown } | null {
    const io = this.#io;
    if (io.abortReason) {
      const value = io.abortReason(this.#position);
      return value === null ? this.#own : { value };
    }
    const outer = io.signal(this.#position);
    return outer.aborted ? { value: outer.reason } : this.#own;
  }

  abort(reason: TaskAbortReason): void {
    this.#own ??= { value: reason };
    this.#controller?.abort(reason);
  }

  end(): void {
    this.#open.delete(this);
    // Nobody listens to a signal that was never made.
    if (this.#controller) this.#io.signal(this.#position).removeEventListener("abort", this);
  }

  /** The outer signal was aborted. */
  handleEvent(): void {
    this.#controller?.abort(this.#io.signal(this.#position).reason);
  }
}
