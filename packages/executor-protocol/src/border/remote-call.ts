import {
  toTaskFailure,
  TaskError,
  type HandlerEntrypoint,
  type RunAnswer,
  type RunIo,
  type TaskAbortReason,
  type TaskFailure,
  type TaskOutcome,
  type TaskRun,
} from "@millrace/models";
import { enveloped, handlerMessage, type HandlerMessage, type HostMessage } from "./border-message.ts";
import type { Channel } from "./channel.ts";

/** How a call ended as far as messages can tell; the death of the other side is seen by who owns it. */
export type RemoteEnd =
  | { readonly type: "outcomes"; readonly outcomes: readonly TaskOutcome[] }
  /** An error nobody caught; the other side is of no more use. */
  | { readonly type: "fatal"; readonly failure: TaskFailure };

/** One call as the host's side sees it. */
export interface RemoteCall {
  readonly ended: Promise<RemoteEnd>;
  /** Whether a handler has been called: until then, the work can be given to another place unharmed. */
  hasStarted(): boolean;
  abort(i: number, reason: TaskAbortReason): void;
  /** Stops listening; must be called in the end. */
  leave(): void;
}

export interface RemoteCallOptions {
  /** Unique on this channel. */
  readonly call: number;
  readonly entrypoint: Pick<HandlerEntrypoint, "module" | "export">;
  readonly runs: readonly TaskRun[];
  readonly aborted: readonly (TaskAbortReason | null)[];
  readonly io: RunIo;
}

/** Sends runs across a channel and answers what comes back. */
export function callRemote(channel: Channel, options: RemoteCallOptions): RemoteCall {
  const { call, io, runs } = options;
  const { promise: ended, resolve: end } = Promise.withResolvers<RemoteEnd>();
  let hasStarted = false;
  // A channel that is closed has an owner who sees why: nothing is told here.
  const post = (message: HostMessage): void => void channel.post(enveloped(message)).catch(() => {});

  const hear = (message: HandlerMessage): void => {
    switch (message.type) {
      case "report":
        hasStarted ||= message.report.started === true;
        void io.report(message.i, message.report).then((held) => post({ type: "held", call, id: message.id, held }));
        return;
      case "ask":
        void io
          .ask(message.i, message.question)
          .then((answer) => answerAcross(channel, { type: "answer", call, id: message.id, answer }));
        return;
      case "log":
        for (const { i, line } of message.lines) io.log(i, line);
        return;
      case "outcomes":
        end({ type: "outcomes", outcomes: alignedOutcomes(message.outcomes, runs.length) });
        return;
      case "fatal":
        end({ type: "fatal", failure: message.failure });
        return;
      case "ready":
      case "stray":
    }
  };
  const leave = channel.onMessage((value) => {
    const message = handlerMessage(value);
    if (message && "call" in message && message.call === call && !("i" in message && !runs[message.i])) hear(message);
  });

  channel.post(enveloped(runMessage(options))).catch((error: unknown) => {
    if (isCloneError(error)) end({ type: "outcomes", outcomes: notSendable(error, runs) });
  });
  return { ended, hasStarted: () => hasStarted, abort: (i, reason) => post({ type: "abort", call, i, reason }), leave };
}

function runMessage({ call, entrypoint, runs, aborted }: RemoteCallOptions): HostMessage {
  return {
    type: "run",
    call,
    module: String(entrypoint.module),
    export: entrypoint.export ?? null,
    runs: runs.map(({ handler: _handler, ...run }) => run),
    aborted,
  };
}

async function answerAcross(channel: Channel, message: Extract<HostMessage, { type: "answer" }>): Promise<void> {
  try {
    await channel.post(enveloped(message));
  } catch (error) {
    if (!isCloneError(error)) return;
    const answer: RunAnswer = { type: "refused", code: "SERIALIZATION_ERROR", message: toTaskFailure(error).message };
    await channel.post(enveloped({ ...message, answer })).catch(() => {});
  }
}

/** A handler's side that answers for too few tasks has lost count: each run still gets an outcome. */
function alignedOutcomes(outcomes: readonly TaskOutcome[], count: number): readonly TaskOutcome[] {
  if (outcomes.length === count) return outcomes.map(withOutput);
  const error = new TaskError("INTERNAL", `${outcomes.length} outcomes came back for ${count} runs.`);
  return Array.from({ length: count }, () => ({ type: "failed", failure: toTaskFailure(error) }));
}

/** Lines that speak JSON drop what is undefined; the contract has the field. */
function withOutput(outcome: TaskOutcome): TaskOutcome {
  if (outcome.type === "succeeded") return { ...outcome, output: outcome.output };
  return outcome.type === "suspended" ? { ...outcome, state: outcome.state } : outcome;
}

function isCloneError(error: unknown): boolean {
  return error instanceof Error && (error.name === "DataCloneError" || error instanceof TypeError);
}

function notSendable(error: unknown, runs: readonly TaskRun[]): readonly TaskOutcome[] {
  const failure = toTaskFailure(
    new TaskError("SERIALIZATION_ERROR", `The task cannot cross to its handler: ${toTaskFailure(error).message}`),
  );
  return runs.map(() => ({ type: "failed", permanent: true, failure }));
}
