import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { toTaskFailure, TaskError, type Clock, type LogLine } from "@millrace/models";
import { enveloped, handlerMessage, type Channel } from "@millrace/executor-protocol";
import { createOutputLines, createOutputTail } from "../pool/output-lines.ts";
import type { StartPlan } from "../pool/start-plan.ts";
import { ipcChannel } from "./process-channel.ts";

/** How a child ended. */
export interface ChildExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The end of what it wrote to stderr during its last run. */
  readonly stderr: string;
}

/** A running child process, as its parent sees it. */
export interface Child {
  readonly pid: number;
  readonly channel: Channel;
  /** Settles once, when the process and what it started in its group are gone; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** Calls back at the exit, until the returned function is called: what waits for a run must not pile up on the child's promise. */
  onExit(listen: (exit: ChildExit) => unknown): () => void;
  hasExited(): boolean;
  /** An error of an earlier run came up late: no further run may be given to it. */
  isTainted(): boolean;
  /** Where the lines it prints go from now on; what is half said is told to the last one first. */
  setOutput(write: (line: LogLine) => void): void;
  /** Signals the whole group. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
  /** Whether this child keeps the host's process alive. */
  setBusy(isBusy: boolean): void;
  /** Asks it to end, and kills it when it has not within the grace. */
  end(graceMs: number): void;
}

export interface StartChildOptions {
  readonly plan: StartPlan;
  readonly clock: Clock;
  readonly startTimeoutMs: number;
  readonly write: (line: LogLine) => void;
}

const stderrTailBytes = 4_096;
/** How long pipes may stay open after an exit: a grandchild that left the group can hold them for ever. */
const pipesWaitMs = 250;

/**
 * Starts a child and waits until it can take work.
 * @throws `CHILD_START_FAILED` when it cannot be started, dies before, or takes longer than `startTimeoutMs`
 */
export async function startChild(options: StartChildOptions): Promise<Child> {
  const { plan, clock, startTimeoutMs } = options;
  const forked = forkPlan(plan);
  const ready = new Promise<void>((resolve, reject) => {
    forked.once("error", (error) => reject(startFailed(plan, toTaskFailure(error).message, error)));
    forked.on("message", (value) => handlerMessage(value)?.type === "ready" && resolve());
  });
  if (forked.pid === undefined) {
    await ready;
    throw startFailed(plan, "it has no process id");
  }
  const child = watchChild(forked, options);
  const { promise: late, resolve: giveUp } = Promise.withResolvers<"late">();
  const cancel = clock.after(startTimeoutMs, () => giveUp("late"));
  const first = await Promise.race([ready, late, child.exited]).finally(cancel);
  if (first === undefined) return child;
  child.kill("SIGKILL");
  const { stderr, ...exit } = await child.exited;
  const why =
    first === "late" ? `it was not ready within ${startTimeoutMs} ms` : `it ${exitWords(exit)} before it was ready`;
  throw startFailed(plan, stderr === "" ? why : `${why}: ${stderr}`);
}

/** `died by SIGKILL` or `exited with code 1`. */
export function exitWords(exit: Pick<ChildExit, "exitCode" | "signal">): string {
  return exit.signal === null ? `exited with code ${exit.exitCode}` : `died by ${exit.signal}`;
}

function forkPlan(plan: StartPlan): ChildProcess {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const entry = fileURLToPath(new URL(`./task-child.entry${extension}`, import.meta.url));
  try {
    return fork(entry, [String(process.pid)], {
      execPath: plan.command,
      execArgv: [...plan.args],
      ...(plan.cwd === undefined ? {} : { cwd: plan.cwd }),
      env: plan.env,
      serialization: plan.serialization,
      // A process group of its own: a kill reaches what the handler has started too, and a Ctrl-C in the terminal only the host.
      detached: process.platform !== "win32",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
  } catch (error) {
    throw startFailed(plan, toTaskFailure(error).message, error);
  }
}

function startFailed(plan: StartPlan, why: string, cause?: unknown): TaskError {
  const where = plan.cwd === undefined ? "" : ` in ${plan.cwd}`;
  return new TaskError(
    "CHILD_START_FAILED",
    `A child process of ${plan.command}${where} could not be started: ${why}`,
    {
      details: { command: plan.command, args: plan.args, cwd: plan.cwd ?? null },
      ...(cause === undefined ? {} : { cause }),
      fix: `Check that "${plan.command}" is installed and on the PATH, and that its directory exists.`,
    },
  );
}

function watchChild(forked: ChildProcess, { clock, write }: StartChildOptions): Child {
  const pid = forked.pid ?? 0;
  let output = write;
  let isTainted = false;
  const tail = createOutputTail(stderrTailBytes);
  const out = createOutputLines((line) => output({ level: "debug", message: line, fields: { stream: "stdout", pid } }));
  const err = createOutputLines((line) => output({ level: "warn", message: line, fields: { stream: "stderr", pid } }));
  forked.stdout?.on("data", (chunk: Uint8Array) => out.push(chunk));
  forked.stderr?.on("data", (chunk: Uint8Array) => {
    tail.push(chunk);
    err.push(chunk);
  });
  // A send to a dying child: its exit tells the same.
  forked.on("error", () => {});
  forked.on("message", (value) => {
    if (handlerMessage(value)?.type === "stray") isTainted = true;
  });
  const channel = ipcChannel(forked);
  const exitListeners = new Set<(exit: ChildExit) => unknown>();
  let exit: ChildExit | null = null;
  const exited = exitOf(forked, clock).then(({ exitCode, signal }): ChildExit => {
    out.flush();
    err.flush();
    exit = { exitCode, signal, stderr: tail.text() };
    for (const listen of exitListeners) listen(exit);
    return exit;
  });

  return {
    pid,
    channel,
    exited,
    onExit(listen) {
      if (exit) listen(exit);
      exitListeners.add(listen);
      return () => void exitListeners.delete(listen);
    },
    hasExited: () => exit !== null,
    isTainted: () => isTainted,
    setOutput(next) {
      out.flush();
      err.flush();
      tail.clear();
      output = next;
    },
    kill: (signal) => killGroup(pid, signal),
    setBusy: (isBusy) => setRef(forked, isBusy),
    end(graceMs) {
      setRef(forked, true);
      channel.post(enveloped({ type: "close" })).catch(() => {});
      const cancel = clock.after(graceMs, () => killGroup(pid, "SIGKILL"));
      void exited.then(cancel);
    },
  };
}

/** The exit, after the group is gone and the pipes are empty. */
async function exitOf(forked: ChildProcess, clock: Clock): Promise<Pick<ChildExit, "exitCode" | "signal">> {
  const closed = new Promise<void>((resolve) => forked.once("close", () => resolve()));
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    forked.once("exit", (code, by) => resolve([code, by]));
  });
  killGroup(forked.pid ?? 0, "SIGKILL");
  const { promise: waited, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(pipesWaitMs, resolve);
  await Promise.race([closed, waited]).finally(cancel);
  forked.stdout?.destroy();
  forked.stderr?.destroy();
  forked.removeAllListeners("message");
  return { exitCode, signal };
}

function killGroup(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  if (pid <= 0) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

/** Pipes and the IPC line keep a process alive like the child itself. */
function setRef(forked: ChildProcess, isBusy: boolean): void {
  const handles: readonly unknown[] = [forked, forked.channel, forked.stdout, forked.stderr];
  for (const handle of handles) {
    if (typeof handle !== "object" || handle === null) continue;
    const change: unknown = Reflect.get(handle, isBusy ? "ref" : "unref");
    if (typeof change === "function") Reflect.apply(change, handle, []);
  }
}
