import { createManualClock, createSeededRandom, isTaskError, type ManualClock, type Random } from "@millrace/models";
import { passTime } from "./pass-time.ts";

/** Something that starts and stops: a host, or a service with its port bound. */
export interface Startable {
  start(): Promise<unknown>;
  stop(): Promise<unknown>;
}

/** How to stress something that starts and stops. */
export interface StressStartStopOptions<Subject extends Startable> {
  /** Makes a fresh one that takes all its time from this clock. */
  readonly create: (environment: { readonly clock: ManualClock }) => Subject | Promise<Subject>;
  /** Whether it runs now: asked when every call has settled. */
  readonly isRunning?: (subject: Subject) => boolean;
  /** What it still holds after the last stop (listeners, connections, loops), in words. Timers of the clock are looked for anyway. */
  readonly leftOver?: (subject: Subject) => readonly string[];
  /** How many fresh ones are stressed. @defaultValue 100 */
  readonly runs?: number;
  /** How many calls each gets. @defaultValue 12 */
  readonly calls?: number;
  /** Repeats the runs of a failure. @defaultValue drawn anew, and printed by a failure */
  readonly seed?: number;
}

/**
 * Calls `start` and `stop` in random order, with and without waiting in between, and throws when a call hangs or fails with
 * anything but `HOST_STATE_INVALID` or `HOST_STOPPING`, when a second `start` (or `stop`) during the first does not answer with the
 * same promise, when a rejection is left unhandled, or when something is left over after the last stop.
 */
export async function stressStartStop<Subject extends Startable>(
  options: StressStartStopOptions<Subject>,
): Promise<void> {
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
  const random = createSeededRandom(seed);
  for (let run = 0; run < (options.runs ?? 100); run += 1) {
    const story: string[] = [];
    try {
      await withoutUnhandled(() => stressOne(options, random, story));
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      const message = `Run ${run} of seed ${seed} broke: ${words}\nIts calls: ${story.join(", ")}`;
      throw new Error(message, { cause: error });
    }
  }
}

async function stressOne<Subject extends Startable>(
  options: StressStartStopOptions<Subject>,
  random: Random,
  story: string[],
): Promise<void> {
  const clock = createManualClock();
  const subject = await options.create({ clock });
  const caller = createCaller(subject, clock, story);
  for (let call = 0; call < (options.calls ?? 12); call += 1) {
    caller.call(random.next() < 0.5 ? "start" : "stop");
    await pause({ caller, clock, story }, random);
  }
  caller.call("stop");
  await caller.settled();
  assertStopped(options, subject, clock);
  caller.call("start");
  await caller.settled();
  if (options.isRunning?.(subject) === false) throw new Error("it was started again and does not run");
  caller.call("stop");
  await caller.settled();
  assertStopped(options, subject, clock);
}

async function pause(
  { caller, clock, story }: { readonly caller: Caller; readonly clock: ManualClock; readonly story: string[] },
  random: Random,
): Promise<void> {
  const choice = Math.floor(random.next() * 4);
  if (choice === 1) await passTime.turn();
  if (choice === 2) await caller.settled();
  if (choice === 3) clock.advance(Math.floor(random.next() * 2_000));
  story.push(["at once", "a turn later", "when all had settled", "after some time"][choice] ?? "");
}

function assertStopped<Subject extends Startable>(
  options: StressStartStopOptions<Subject>,
  subject: Subject,
  clock: ManualClock,
): void {
  if (options.isRunning?.(subject) === true) throw new Error("it was stopped and still runs");
  const nextTimer = clock.nextTimerInMs();
  if (nextTimer !== null) throw new Error(`it was stopped and left a timer that is due in ${nextTimer} ms`);
  const left = options.leftOver?.(subject) ?? [];
  if (left.length > 0) throw new Error(`it was stopped and left ${left.join(", ")}`);
}

type CallName = "start" | "stop";

interface Caller {
  call(name: CallName): void;
  /** Waits until every call so far has settled, moving the clock when nothing else can. */
  settled(): Promise<void>;
}

interface Call {
  readonly name: CallName;
  readonly promise: Promise<unknown>;
  /** The call of the same name that was under way, when this one did not answer with its promise. */
  readonly doubles: Call | null;
  state: "open" | "done" | "refused";
}

function createCaller(subject: Startable, clock: ManualClock, story: string[]): Caller {
  const open = new Set<Promise<void>>();
  const failures: string[] = [];
  let last: Call | null = null;

  const settle = (call: Call, error: unknown, hasFailed: boolean): void => {
    call.state = hasFailed ? "refused" : "done";
    if (hasFailed && !isRefusal(error)) failures.push(`${call.name} failed: ${String(error)}`);
    // A refusal is an answer of its own, each time.
    if (!hasFailed && call.doubles && call.doubles.state !== "refused") {
      failures.push(`a second ${call.name} during the first answered with another promise`);
    }
  };

  return {
    call(name) {
      story.push(name);
      const promise = subject[name]();
      const isDouble = last?.state === "open" && last.name === name && last.promise !== promise;
      const call: Call = { name, promise, doubles: isDouble ? last : null, state: "open" };
      last = call;
      const watched: Promise<void> = promise
        .then(
          () => settle(call, null, false),
          (error: unknown) => settle(call, error, true),
        )
        .finally(() => void open.delete(watched));
      open.add(watched);
    },
    async settled() {
      await passTime.until(() => open.size === 0, clock);
      if (open.size > 0) throw new Error(`${open.size} calls never settle`);
      const [failure] = failures;
      if (failure !== undefined) throw new Error(failure);
    },
  };
}

function isRefusal(error: unknown): boolean {
  return isTaskError(error, "HOST_STATE_INVALID") || isTaskError(error, "HOST_STOPPING");
}

async function withoutUnhandled(run: () => Promise<void>): Promise<void> {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listen);
  try {
    await run();
    // Node tells of unhandled rejections after the microtasks of a turn.
    await passTime.turn();
    if (unhandled.length > 0) throw new Error(`a rejection was left unhandled: ${String(unhandled[0])}`);
  } finally {
    process.off("unhandledRejection", listen);
  }
}
