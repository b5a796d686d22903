import type { TaskAbortReason } from "@millrace/models";

/** Aborts the runs of an executor that closes, beside each run's own signal. */
export interface AbortSwitch {
  /** Links a run; the signal itself is only made when somebody looks at it. */
  link(outer: AbortSignal): RunAbort;
  /** Aborts every linked run, and those linked later at once. */
  abortAll(reason: TaskAbortReason): void;
}

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
  const open = new Set<LinkedAbort>();
  let closed: TaskAbortReason | null = null;
  return {
    link(outer) {
      const run = new LinkedAbort(outer, open);
      if (closed !== null) run.abort(closed);
      return run;
    },
    abortAll(reason) {
      closed = reason;
      for (const run of open) run.abort(reason);
    },
  };
}

class LinkedAbort implements RunAbort {
  readonly #outer: AbortSignal;
  readonly #open: Set<LinkedAbort>;
  #own: { readonly value: TaskAbortReason } | null = null;
  #controller: AbortController | null = null;

  constructor(outer: AbortSignal, open: Set<LinkedAbort>) {
    this.#outer = outer;
    this.#open = open;
    open.add(this);
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      const reason = this.reason();
      if (reason) this.#controller.abort(reason.value);
      else this.#outer.addEventListener("abort", this.#follow, { once: true });
    }
    return this.#controller.signal;
  }

  reason(): { readonly value: unknown } | null {
    return this.#outer.aborted ? { value: this.#outer.reason } : this.#own;
  }

  abort(reason: TaskAbortReason): void {
    this.#own ??= { value: reason };
    this.#controller?.abort(reason);
  }

  end(): void {
    this.#open.delete(this);
    this.#outer.removeEventListener("abort", this.#follow);
  }

  readonly #follow = (): void => this.#controller?.abort(this.#outer.reason);
}
