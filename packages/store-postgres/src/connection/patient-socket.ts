import { Socket } from "node:net";

// Long enough for a good-bye to be answered anywhere on earth.
const goodByeMs = 2_000;

/**
 * A socket that waits for the other side's good-bye only for a while: a server that has vanished never answers ours, and the
 * process would live on for that. What is written in one go of the event loop leaves together: a system call costs more than most
 * statements, and wakes the server each time.
 */
export class PatientSocket extends Socket {
  #isGathering = false;

  override write(...given: unknown[]): boolean {
    if (!this.#isGathering) {
      this.#isGathering = true;
      this.cork();
      process.nextTick(() => {
        this.#isGathering = false;
        this.uncork();
      });
    }
    return super.write(...(given as Parameters<Socket["write"]>));
  }

  override end(...given: unknown[]): this {
    setTimeout(() => this.destroy(), goodByeMs).unref();
    return super.end(...(given as Parameters<Socket["end"]>));
  }
}
