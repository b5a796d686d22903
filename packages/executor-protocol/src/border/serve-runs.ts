import { AsyncLocalStorage } from "node:async_hooks";
import { toTaskFailure, type TaskOutcome, type TaskRun } from "@millrace/models";
import type { HandlerLoader } from "../module/module-loader.ts";
import { createAbortSwitch } from "../run/abort-switch.ts";
import { runHandler } from "../run/run-handler.ts";
import { enveloped, hostMessage, type HandlerMessage, type HostMessage } from "./border-message.ts";
import type { Channel } from "./channel.ts";
import { createServedCall, type ServedCall } from "./served-call.ts";

/** The handler's side of a border. */
export interface RunServer {
  /** Tells the host that the runtime is up. */
  ready(): Promise<void>;
  /**
   * An error nobody caught: fails the call it comes from. `true`: the runtime must end now; `false`: it is left over from an earlier
   * call, the host lets the present one finish and then ends the runtime.
   */
  uncaught(thrown: unknown): Promise<boolean>;
  /** Whether every run that is on has been aborted; false when none is. */
  isAborted(): boolean;
}

export interface RunServerOptions {
  readonly load: HandlerLoader;
  /** The host wants no more. */
  readonly onClose: () => void;
}

type RunMessage = Extract<HostMessage, { type: "run" }>;

/** Serves the calls of a host, one at a time, as they come through the channel. */
export function serveRuns(channel: Channel, options: RunServerOptions): RunServer {
  const post = (message: HandlerMessage): Promise<void> => channel.post(enveloped(message));
  // A host that is gone hears nothing, and misses nothing.
  const tell = (message: HandlerMessage): Promise<void> => post(message).catch(() => {});
  // Tells whose an error is that nobody caught: handlers leave promises and timers behind.
  const currentCall = new AsyncLocalStorage<number>();
  let active: ServedCall | null = null;

  channel.onMessage((value) => {
    const message = hostMessage(value);
    if (message?.type === "close") options.onClose();
    else if (message?.type === "run") void currentCall.run(message.call, () => serve(message));
    else if (message) active?.hear(message);
  });

  const serve = async (message: RunMessage): Promise<void> => {
    const call = createServedCall(message, post);
    active = call;
    const outcomes = await outcomesOf(message, call, options.load);
    // A fatal error has been told instead, or the host is gone.
    if (active !== call) return;
    await call.end();
    active = null;
    await tell({ type: "outcomes", call: message.call, outcomes });
  };

  return {
    ready: () => post({ type: "ready" }),
    async uncaught(thrown) {
      const failure = toTaskFailure(thrown);
      const origin = currentCall.getStore();
      const call = active;
      const isLeftOver = origin !== undefined && origin !== call?.id;
      if (call === null || isLeftOver) {
        await tell({ type: "stray", failure });
        return call === null;
      }
      active = null;
      await call.end();
      await tell({ type: "fatal", call: call.id, failure });
      return true;
    },
    isAborted: () => active?.isAborted() ?? false,
  };
}

async function outcomesOf(message: RunMessage, call: ServedCall, load: HandlerLoader): Promise<readonly TaskOutcome[]> {
  const { module, export: name } = message;
  const entrypoint = name === null ? { module } : { module, export: name };
  const [first, ...rest] = message.runs.map((run): TaskRun => {
    return { ...run, input: run.input, handler: { type: "module", kind: run.task.kind, entrypoint } };
  });
  if (!first) return [];
  try {
    const handler = await load(entrypoint);
    return await runHandler(handler, [first, ...rest], { io: call.io, closing: createAbortSwitch() });
  } catch (error) {
    const failure = toTaskFailure(error);
    return message.runs.map((): TaskOutcome => ({ type: "failed", failure }));
  }
}
