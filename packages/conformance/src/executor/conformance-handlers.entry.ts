import {
  PermanentError,
  RetryLaterError,
  SnoozeError,
  type BatchItem,
  type BatchOutcome,
  type Json,
  type TaskContext,
} from "@millrace/models";

// Handlers of the executor suite. A module of its own, and an entry file of the build, so that executors outside this
// process can load it from src and from dist alike.

/** Gives back its input. */
export function echo(input: Json): Json {
  return input;
}

/** Returns nothing. */
export function nothing(): void {}

/** A handler that is no function but an object with `run`. */
export const object = { run: (input: Json): Json => ({ input }) };

/** Throws what its input names. */
export function throws(what: string): never {
  // oxlint-disable-next-line no-throw-literal -- handlers in the wild throw anything
  throw thrown[what]?.();
}

const thrown: Readonly<Record<string, () => unknown>> = {
  error: () => Object.assign(new RangeError("out of range", { cause: new Error("the cause") }), { code: "E_RANGE" }),
  null: () => null,
  undefined: () => undefined,
  string: () => "just text",
  number: () => 42,
  object: () => ({ odd: true }),
  cyclic: () => {
    const error = new Error("round and round");
    error.cause = error;
    return Object.assign(error, { details: { error } });
  },
  hostile: () =>
    new Proxy(new Error("hostile"), {
      get: () => {
        throw new Error("no field of mine can be read");
      },
    }),
  permanent: () => new PermanentError("for good"),
  later: () => new RetryLaterError(1_234),
  snooze: () => new SnoozeError(4_321),
};

/** Rejects after a turn of the event loop. */
export async function rejects(): Promise<never> {
  await new Promise((resolve) => setImmediate(resolve));
  throw new TypeError("rejected later");
}

/** Returns what JSON cannot keep. */
export function badOutput(what: string): unknown {
  if (what === "bigint") return { n: 1n };
  if (what === "function") return { f: echo };
  const loop: Record<string, unknown> = {};
  loop["rows"] = [{ loop }];
  return loop;
}

/** Says progress and steps, some without awaiting, and returns what the host answered. */
export async function reports(_input: Json, context: TaskContext): Promise<Json> {
  const first = await context.setProgress({ percent: 10, label: "a" });
  void context.appendStep({ message: "one", level: "warn", meta: { n: 1 } });
  void context.appendStep({ label: "two", progressPercent: 30 });
  const beat = await context.heartbeat();
  const last = await context.appendStep({ kind: "load", message: "three" });
  return [first, beat, last];
}

/** Remembers by key. */
export async function once(key: string, context: TaskContext): Promise<Json> {
  let runs = 0;
  const make = (): { n: number } => {
    runs += 1;
    return { n: runs };
  };
  const both = await Promise.all([context.once(key, make), context.once(key, make)]);
  return { both, runs };
}

/** Enqueues, then signals; returns what it was told, or the code it was refused with. */
export async function asks(_input: Json, context: TaskContext): Promise<Json> {
  try {
    const { taskId } = await context.enqueue({ kind: "other", input: { n: 1 }, options: { priority: 3 } });
    await context.signalTask(taskId, "go", [1]);
    return { taskId };
  } catch (error) {
    return { code: String(Object(error).code), name: String(Object(error).name) };
  }
}

/** Tells everything it may know. */
export function tells(input: Json, context: TaskContext): Json {
  context.log.info("hello", { n: 1 });
  const { task, state, wake, children, dependencies } = context;
  return {
    input,
    id: task.id,
    kind: task.kind,
    attempt: task.attempt,
    stage: task.stage,
    context: { ...context.context },
    state,
    wake: wake === null ? null : { ...wake },
    children: children.map(({ taskId, status }) => `${taskId} ${status}`),
    dependencies: dependencies.map(({ taskId, status }) => `${taskId} ${status}`),
    hasDeadline: context.deadlineInMs() !== null,
    isAborted: context.signal.aborted,
  };
}

/** Ends its run by the call that its input names; `swallow` catches the control value. */
export async function waits(
  input: { readonly call: string; readonly swallow: boolean },
  context: TaskContext,
): Promise<Json> {
  try {
    await calls[input.call]?.(context);
  } catch (error) {
    if (!input.swallow) throw error;
    context.log.info("swallowed");
  } finally {
    context.log.info("finally");
  }
  return "went on";
}

const calls: Readonly<Record<string, (context: TaskContext) => Promise<never>>> = {
  spawn: (context) =>
    context.spawn([{ kind: "child", input: { n: 1 } }, { kind: "child" }], {
      onFailure: "fail",
      timeoutMs: 5,
      state: [1],
    }),
  "spawn nothing": (context) => context.spawn([]),
  sleep: (context) => context.sleep(1_000, { state: { at: 1 } }),
  signal: (context) => context.waitForSignal("go", { timeoutMs: 9 }),
  suspend: (context) => context.suspend({ reason: "approval" }),
};

/** Logs `running`, then ends when its signal aborts, as its input says. */
export async function heeds(how: "reason" | "error" | "success", context: TaskContext): Promise<Json> {
  const { signal } = context;
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  context.log.info("running");
  await aborted;
  if (how === "reason") throw signal.reason;
  if (how === "error") throw new DOMException("stopped", "AbortError");
  return String(signal.reason);
}

/** Logs `running` and never ends. */
export function deaf(_input: Json, context: TaskContext): Promise<never> {
  context.log.info("running");
  // A timer keeps a process alive that would else end by itself.
  setInterval(() => {}, 60_000);
  return new Promise(() => {});
}

/** Ends the process or thread that it runs in. */
export function exits(code: number): void {
  process.exit(code);
}

/** Several tasks at once: what becomes of each is its own input. */
export const batch = {
  runBatch(items: readonly BatchItem<string>[]): readonly (BatchOutcome | undefined)[] {
    for (const { context } of items) void context.setProgress({ percent: 50 });
    return items.map(({ input, context }) => {
      if (input === "missing") return undefined;
      if (input === "failed") return { status: "failed", error: new PermanentError("bad row") };
      if (input === "bad") return { status: "succeeded", output: 1n };
      return { status: "succeeded", output: `${input} of ${items.length}, ${context.task.kind}` };
    });
  },
};

/** A batch that throws after one of its tasks has ended its run. */
export const batchThrows = {
  async runBatch(items: readonly BatchItem<Json>[]): Promise<never> {
    await items[0]?.context.sleep(5).catch(() => {});
    throw new Error("the batch broke");
  },
};

/** No handler. */
export const notAHandler = 5;
