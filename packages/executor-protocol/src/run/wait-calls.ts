import { TaskError, type Json, type RunWait, type TaskContext } from "@millrace/models";
import { plainInvocation } from "./plain-invocation.ts";
import { requireJson } from "./plain-json.ts";
import { RunEnded } from "./run-ended.ts";
import { assertOpen, guarded, type RunSession } from "./run-session.ts";

/** The four calls that end a run. The first one counts; each further call rejects with the same value. */
export function waitCalls(session: RunSession): Pick<TaskContext, "spawn" | "sleep" | "waitForSignal" | "suspend"> {
  const end = (wait: () => RunWait, state: Json | undefined): Promise<never> => guarded(endRun(session, wait, state));
  return {
    spawn: (children, options = {}) =>
      end(
        () => ({
          reason: "children",
          children: children.map((child, index) => plainInvocation(child, `children[${index}]`)),
          onFailure: options.onFailure ?? "continue",
          timeoutMs: checkedTimeout(options.timeoutMs),
        }),
        options.state,
      ),
    sleep: (forMs, options = {}) => end(() => ({ reason: "sleep", forMs: checkedMs(forMs, "forMs") }), options.state),
    waitForSignal: (name, options = {}) =>
      end(
        () => ({ reason: "signal", name: checkedName(name), timeoutMs: checkedTimeout(options.timeoutMs) }),
        options.state,
      ),
    suspend: (options = {}) =>
      end(
        () => ({ reason: "manual", note: options.reason ?? null, timeoutMs: checkedTimeout(options.timeoutMs) }),
        options.state,
      ),
  };
}

// Async, so that a mistake in the arguments rejects like everything else and does not end the run.
async function endRun(session: RunSession, wait: () => RunWait, state: Json | undefined): Promise<never> {
  assertOpen(session);
  const carried = state === undefined ? undefined : requireJson(state, "state", "SERIALIZATION_ERROR");
  session.control = new RunEnded(wait(), carried);
  throw session.control;
}

function checkedTimeout(timeoutMs: number | null | undefined): number | null {
  return timeoutMs === undefined || timeoutMs === null ? null : checkedMs(timeoutMs, "timeoutMs");
}

function checkedMs(value: number, path: string): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return Math.round(value);
  throw new TaskError("OPTION_INVALID", `${path} must be milliseconds from 0 up, got ${String(value)}.`, {
    details: { path },
  });
}

function checkedName(name: string): string {
  if (typeof name === "string" && name !== "") return name;
  throw new TaskError("OPTION_INVALID", "A signal needs a name.", { details: { path: "name" } });
}
