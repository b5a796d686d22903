import { type AnyTaskDefinition, defineTask, type TaskContext } from "@millrace/models";
import { machineMs, type Write } from "./ledger.ts";
import { notedRun, pause } from "./noted-run.ts";

/** How many concurrency keys are spread over; each has limit 1. */
export const keyCount = 5;

/** How many children a parent makes each time. */
export const childrenCount = 3;

/** For whom the code of the kinds runs. */
export interface KindsOptions {
  readonly write: Write;
  /** Where the code that runs in child processes writes, and in whose name. */
  readonly folder: string;
  readonly by: string;
}

/** The kinds of the chaos run. */
export function chaosKinds({ write, folder, by }: KindsOptions): readonly AnyTaskDefinition[] {
  const maxInterruptions = null;
  return [
    defineTask({ kind: "chaos.quick", maxInterruptions, run: notedRun(write, () => Promise.resolve(null)) }),
    defineTask({ kind: "chaos.join", maxInterruptions, run: notedRun(write, joinDependencies) }),
    defineTask({ kind: "chaos.slow", maxInterruptions, run: notedRun(write, workSlowly) }),
    defineTask({ kind: "chaos.keyed", maxInterruptions, run: notedRun(write, workSlowly) }),
    defineTask({ kind: "chaos.waits", maxInterruptions, run: notedRun(write, waitTwice) }),
    defineTask({
      kind: "chaos.flaky",
      maxInterruptions,
      retry: { maxAttempts: 4, backoff: { type: "fixed", delayMs: 20 } },
      run: notedRun(write, failSometimes),
    }),
    defineTask({
      kind: "chaos.once",
      maxInterruptions,
      retry: { maxAttempts: 3, backoff: { type: "fixed", delayMs: 10 } },
      run: notedRun(write, (_input, context) => doOnce(context, write)),
    }),
    defineTask({
      kind: "chaos.parent",
      maxInterruptions,
      run: notedRun(write, (_input, context) => spawnChildren(context, write)),
    }),
    defineTask({
      kind: "chaos.child",
      maxInterruptions,
      retry: { maxAttempts: 3, backoff: { type: "fixed", delayMs: 10 } },
      entrypoint: {
        module: new URL("./child-handler.entry.ts", import.meta.url),
        export: "run",
        env: { MILLRACE_CHAOS_FOLDER: folder, MILLRACE_CHAOS_BY: by },
      },
    }),
  ] as readonly AnyTaskDefinition[];
}

function joinDependencies(_input: unknown, { dependencies }: TaskContext): Promise<unknown> {
  return Promise.resolve({ waitedFor: dependencies.length });
}

async function workSlowly({ ms }: { readonly ms: number }, context: TaskContext): Promise<unknown> {
  const parts = 4;
  for (let part = 1; part <= parts; part += 1) {
    await pause(ms / parts, context.signal);
    void context.setProgress({ percent: (part * 100) / parts });
    await context.appendStep({ message: `part ${part}` });
  }
  return { parts };
}

function failSometimes({ n }: { readonly n: number }, { task }: TaskContext): Promise<unknown> {
  if ((n + task.failures) % 3 !== 0) throw new Error(`unlucky number ${n}`);
  return Promise.resolve(null);
}

/** A signal that may never come, then a sleep. */
async function waitTwice({ ms }: { readonly ms: number }, context: TaskContext): Promise<unknown> {
  if (context.task.stage === 0) await context.waitForSignal("go", { timeoutMs: ms });
  if (context.task.stage === 1) await context.sleep(ms / 4);
  return { wokenBy: context.wake?.reason ?? null };
}

async function doOnce({ task, once }: TaskContext, write: Write): Promise<unknown> {
  const { id: taskId, attempt, failures } = task;
  const value = await once("effect", () => {
    write({ type: "effect", taskId, attempt, at: machineMs() });
    return attempt;
  });
  write({ type: "remembered", taskId, attempt, value, at: machineMs() });
  if (failures === 0) throw new Error("fails once, after its effect");
  return { value };
}

async function spawnChildren({ task, children, spawn }: TaskContext, write: Write): Promise<unknown> {
  if (task.stage === 0) {
    const kinds = ["chaos.quick", "chaos.slow", "chaos.flaky"].slice(0, childrenCount);
    await spawn(kinds.map((kind, n) => ({ kind, input: { n, ms: 40 } })));
  }
  const statuses = children.map(({ status }) => status);
  write({ type: "children", taskId: task.id, statuses });
  return { statuses };
}
