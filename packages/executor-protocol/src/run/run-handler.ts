import type { BatchItem, RunIo, TaskHandler, TaskOutcome, TaskRun } from "@millrace/models";
import type { AbortSwitch } from "./abort-switch.ts";
import { createContext } from "./create-context.ts";
import { noOutcome, outcomeOfAbort, outcomeOfOutput, outcomeOfThrown } from "./run-outcome.ts";
import { openSession, type RunSession } from "./run-session.ts";

/** A handler whose types have been forgotten at the border. */
export type AnyTaskHandler = Pick<TaskHandler<never>, "run" | "runBatch">;

/** Where runs report to, and what else than their own signals can end them. */
export interface RunPlace {
  readonly io: RunIo;
  readonly closing: AbortSwitch;
}

type Runs = readonly [TaskRun, ...TaskRun[]];

/**
 * Runs a handler to the outcomes of its tasks, aligned with `runs`; never rejects. Several runs go to `runBatch`; a handler
 * without it runs them beside each other.
 */
export function runHandler(handler: AnyTaskHandler, runs: Runs, place: RunPlace): Promise<readonly TaskOutcome[]> {
  const sessions = runs.map((run, position) => sessionOf(run, position, place));
  const [first] = sessions;
  if (handler.runBatch !== undefined && (sessions.length > 1 || handler.run === undefined)) {
    return runAsBatch(handler, sessions);
  }
  return first && sessions.length === 1 ? runAlone(handler, first) : runApart(handler, sessions);
}

function sessionOf(run: TaskRun, position: number, { io, closing }: RunPlace): RunSession {
  return openSession(run, { position, abort: closing.link(io, position), io });
}

function closeSession(session: RunSession): void {
  session.over = true;
  session.abort.end();
}

async function runApart(handler: AnyTaskHandler, sessions: readonly RunSession[]): Promise<readonly TaskOutcome[]> {
  return (await Promise.all(sessions.map((session) => runAlone(handler, session)))).flat();
}

async function runAlone(handler: AnyTaskHandler, session: RunSession): Promise<readonly [TaskOutcome]> {
  const aborted = session.abort.reason();
  if (aborted) {
    closeSession(session);
    return [outcomeOfAbort(aborted.value)];
  }
  let output: unknown;
  let thrown: { readonly error: unknown } | null = null;
  try {
    if (!handler.run) throw new TypeError(`The handler of ${session.run.task.kind} has no run function.`);
    start(session);
    output = await handler.run(session.run.input as never, createContext(session));
  } catch (error) {
    thrown = { error };
    // What was thrown after a stored completion tells whether its transaction survived: only the host can know.
    session.completedInTx = false;
  }
  session.over = true;
  if (session.pending !== null) await settled(session);
  const outcome = decided(session) ?? (thrown ? outcomeOfThrown(thrown.error, session.abort) : outcomeOfOutput(output));
  closeSession(session);
  return [outcome];
}

async function runAsBatch(handler: AnyTaskHandler, sessions: readonly RunSession[]): Promise<readonly TaskOutcome[]> {
  const live = sessions.filter((session) => !session.abort.reason());
  const outcomes = live.length === 0 ? [] : await liveOutcomes(handler, live);
  await Promise.all(live.map(settled));
  const ended = sessions.map((session) => {
    const index = live.indexOf(session);
    if (index === -1) return outcomeOfAbort(session.abort.reason()?.value);
    return decided(session) ?? outcomes[index] ?? noOutcome("nothing stands at its position");
  });
  for (const session of sessions) closeSession(session);
  return ended;
}

// Only what stands at a task's own position counts; what is missing stays undefined.
async function liveOutcomes(
  handler: AnyTaskHandler,
  sessions: readonly RunSession[],
): Promise<readonly (TaskOutcome | undefined)[]> {
  try {
    if (!handler.runBatch) throw new TypeError("The handler has no runBatch function.");
    for (const session of sessions) start(session);
    const items = sessions.map((session): BatchItem<never> => {
      return { input: session.run.input as never, context: createContext(session) };
    });
    const said: unknown = await handler.runBatch(items);
    if (!Array.isArray(said)) return sessions.map(() => noOutcome("runBatch did not return an array"));
    return sessions.map((session, index) => batchOutcome(said[index], session));
  } catch (error) {
    for (const session of sessions) session.completedInTx = false;
    return sessions.map((session) => outcomeOfThrown(error, session.abort));
  }
}

function batchOutcome(said: unknown, session: RunSession): TaskOutcome | undefined {
  if (said === undefined || said === null) return undefined;
  const status: unknown = typeof said === "object" ? Reflect.get(said, "status") : undefined;
  if (status === "succeeded") return outcomeOfOutput(Reflect.get(Object(said), "output"));
  if (status === "failed") return outcomeOfThrown(Reflect.get(Object(said), "error"), session.abort);
  return noOutcome('what stands at its position has no status "succeeded" or "failed"');
}

function start(session: RunSession): void {
  void session.io.report(session.position, { started: true });
}

/** What the run decided itself, whatever its handler returned or threw afterwards. */
function decided(session: RunSession): TaskOutcome | null {
  if (session.control) return { type: "suspended", wait: session.control.wait, state: session.control.state };
  return session.completedInTx ? { type: "completed-in-tx" } : null;
}

/** Waits for questions the handler did not await, so that what it asked for has happened when its task ends. */
async function settled(session: RunSession): Promise<void> {
  session.over = true;
  if (session.pending !== null && !session.abort.reason()) await Promise.allSettled(session.pending);
}
