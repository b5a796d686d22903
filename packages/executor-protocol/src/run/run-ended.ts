import type { Json, RunWait } from "@millrace/models";

/**
 * What `spawn`, `sleep`, `waitForSignal` and `suspend` reject with: the run is over, the handler goes on from the top at its next
 * stage. An error only so that `finally` blocks run and a stack can be shown; catching it changes nothing.
 */
export class RunEnded extends Error {
  override readonly name = "RunEnded";
  readonly wait: RunWait;
  readonly state: Json | undefined;

  constructor(wait: RunWait, state: Json | undefined) {
    super(
      `This run has ended to wait for ${waitWords[wait.reason]}. Nothing is wrong; let this value pass (rethrow it when you catch errors).`,
    );
    this.wait = wait;
    this.state = state;
  }
}

const waitWords: Readonly<Record<RunWait["reason"], string>> = {
  children: "its children",
  sleep: "a time",
  signal: "a signal",
  manual: "somebody to resume it",
};
