import type { RunIo, TaskAbortReason } from "@millrace/models";

/** The aborts of all runs of one call, by the host's signals or by the closing of the executor. */
export interface RunAborts {
  /** Null while the run has not been aborted. */
  reason(i: number): TaskAbortReason | null;
  /** Aborts once the last run has been. */
  readonly all: AbortSignal;
  /** Calls back for each abort from now on. */
  onAbort(listen: (i: number, reason: TaskAbortReason) => void): void;
  /** Calls back when the executor closes, at once when it has. */
  onClose(listen: () => void): void;
  close(): void;
  /** Lets go of the signals. */
  end(): void;
}

/** Follows the signals of so many runs. */
export function followAborts(io: RunIo, count: number): RunAborts {
  const reasons = Array.from({ length: count }, (): TaskAbortReason | null => null);
  const all = new AbortController();
  let tell: (i: number, reason: TaskAbortReason) => void = () => {};
  let tellClose: () => void = () => {};
  let isClosed = false;
  const abort = (i: number, reason: TaskAbortReason): void => {
    if (reasons[i] !== null) return;
    reasons[i] = reason;
    tell(i, reason);
    if (!reasons.includes(null)) all.abort();
  };
  const stops = reasons.map((_none, i) => {
    const signal = io.signal(i);
    const follow = (): void => abort(i, reasonOf(signal.reason));
    if (signal.aborted) follow();
    else signal.addEventListener("abort", follow, { once: true });
    return () => signal.removeEventListener("abort", follow);
  });
  return {
    reason: (i) => reasons[i] ?? null,
    all: all.signal,
    onAbort(listen) {
      tell = listen;
    },
    onClose(listen) {
      tellClose = listen;
      if (isClosed) listen();
    },
    close() {
      isClosed = true;
      for (let i = 0; i < count; i += 1) abort(i, "shutdown");
      tellClose();
    },
    end() {
      for (const stop of stops) stop();
      tell = () => {};
      tellClose = () => {};
    },
  };
}

/** A host aborts with one of the four; a foreign one that does not, means "stop". */
function reasonOf(reason: unknown): TaskAbortReason {
  return reason === "cancelled" || reason === "timeout" || reason === "lease-lost" ? reason : "shutdown";
}
