import type { TaskContext } from "@millrace/models";
import { machineMs, type Write } from "./ledger.ts";

/** The code of a task that writes down when it held its lease: from its begin to its end, or to the loss it was told of. */
export function notedRun<Input>(write: Write, run: (input: Input, context: TaskContext) => Promise<unknown>) {
  return async (input: Input, context: TaskContext): Promise<unknown> => {
    const { id: taskId, attempt } = context.task;
    const { key } = context.context;
    let hasEnded = false;
    const end = (): void => {
      if (!hasEnded) write({ type: "end", taskId, attempt, at: machineMs() });
      hasEnded = true;
    };
    write({ type: "begin", taskId, attempt, ...(key === undefined ? {} : { key }), at: machineMs() });
    context.signal.addEventListener("abort", () => {
      if (context.signal.reason === "lease-lost") end();
    });
    try {
      return await run(input, context);
    } finally {
      end();
    }
  };
}

/** Waits; ends at once when the run is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(Object.assign(new Error("aborted"), { name: "AbortError" }));
    });
  });
}
