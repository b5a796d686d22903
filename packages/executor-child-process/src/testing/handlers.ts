import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeSync } from "node:fs";
import { connect } from "node:net";
import { defineTaskHandler, PermanentError, type TaskContext, type TaskHandler } from "@millrace/models";

// Handlers that the tests run in real child processes.

export const echo = (input: unknown): unknown => input;

export const runtimeOf = (): string => {
  const { bun, node } = process.versions;
  return bun === undefined ? `node ${node}` : `bun ${bun}`;
};

let runs = 0;
export const count = (): number => (runs += 1);

export const pid = (): number => process.pid;

export const everything: TaskHandler<{ readonly n: number }> = defineTaskHandler({
  async run(input: { readonly n: number }, context) {
    void context.setProgress({ percent: 10, label: "begun" });
    for (let n = 0; n < input.n; n += 1) void context.appendStep({ message: `step ${n + 1}` });
    context.log.info("hello", { error: new Error("shown"), fn: () => 1 });
    const held = await context.heartbeat();
    const memo = await context.once("key", () => ({ at: new Date(0) }));
    const { taskId } = await context.enqueue({ kind: "next", input: { n: input.n } });
    await context.signalTask("other", "go", [1]);
    return { held, memo, taskId, state: context.state, children: context.children };
  },
});

export const notClonable = (_input: unknown, context: TaskContext): Promise<unknown> =>
  context.enqueue({ kind: "next", options: { id: (() => 1) as never } });

export const nothing = (): undefined => undefined;

export const circular = (): unknown => {
  const output: { self?: unknown } = {};
  output.self = output;
  return output;
};

export const fail = (): never => {
  throw new PermanentError("for good", { code: "E_GOOD", cause: new Error("the cause") });
};

export const sleepLong = (_input: unknown, context: TaskContext): Promise<never> =>
  context.sleep(60_000, { state: { at: 1 } });

/** Tells that it runs, then waits until it is aborted. */
export async function obedient(_input: unknown, context: TaskContext): Promise<void> {
  context.log.info("running", { pid: process.pid });
  if (!context.signal.aborted) await once(context.signal, "abort");
  context.signal.throwIfAborted();
}

/** Tells that it runs, then ignores every abort. */
export async function deaf(_input: unknown, context: TaskContext): Promise<void> {
  context.log.info("running", { pid: process.pid });
  await new Promise<void>((resolve) => setInterval(resolve, 2 ** 30));
}

/** Holds a line to the test and blocks for ever: the line breaks when the process dies, and only then. */
export async function busy(input: { readonly line: string }): Promise<void> {
  const socket = connect(input.line);
  await new Promise((resolve) => socket.write(String(process.pid), resolve));
  for (;;) runs += 1;
}

const grandchildCode = `
  require("node:net").connect(process.argv[1]).write(String(process.pid));
  process.on("SIGTERM", () => {});
  setInterval(() => {}, 1000);
`;

/** Starts a process of its own, which holds the line and ignores SIGTERM. */
export async function withGrandchild(
  input: { readonly line: string; readonly end: "exit" | "wait" },
  context: TaskContext,
): Promise<void> {
  const grandchild = spawn(process.execPath, ["-e", grandchildCode, input.line], { stdio: "inherit" });
  await once(grandchild, "spawn");
  if (input.end === "wait") return deaf(input, context);
  await once(context.signal, "abort");
  process.exit(3);
}

export function noisy(): string {
  writeSync(1, "one\ntwo\n{not json");
  writeSync(2, "warn");
  return "quiet";
}

export function ipcNoise(): boolean {
  return process.send === undefined;
}

export function exits(input: { readonly code: number }): never {
  console.error("last words");
  process.exit(input.code);
}

export function aborts(): never {
  process.abort();
}

export function killsItself(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
}

export async function throwsLater(): Promise<never> {
  setImmediate(() => {
    throw new RangeError("nobody catches this");
  });
  return new Promise(() => {});
}

export async function rejectsAside(): Promise<never> {
  void Promise.reject(new TypeError("a forgotten promise"));
  return new Promise(() => {});
}

let release: () => void = () => {};

/** Leaves a promise behind that is rejected when the next run is on. */
export function leavesRejection(): number {
  const { promise, resolve } = Promise.withResolvers<void>();
  release = resolve;
  void promise.then(() => {
    throw new Error("late");
  });
  return process.pid;
}

/** Lets what an earlier run left behind come up, and ends after it. */
export async function pidLater(): Promise<number> {
  release();
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return process.pid;
}

export async function echoSlowly(n: number): Promise<unknown> {
  await new Promise((resolve) => setImmediate(resolve));
  return { n, pid: process.pid };
}

export const environment = (): unknown => ({
  cwd: process.cwd(),
  own: process.env["MILLRACE_TEST"],
  both: process.env["MILLRACE_BOTH"],
  secret: process.env["MILLRACE_SECRET"],
  args: process.execArgv,
  argv: process.argv.slice(3),
});

export const batch: TaskHandler = {
  runBatch: (items) =>
    items.map(({ input }, index) => (index === 1 ? undefined : { status: "succeeded", output: input })),
};

export const notAHandler: object = { settings: true };
