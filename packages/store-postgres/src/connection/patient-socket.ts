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

  // `pg` corks around each statement. Not `write`: a socket that connects puts Node's own in its place.
  override cork(): void {
    if (!this.#isGathering) {
      this.gather();
      process.nextTick(() => this.sendGathered());
    }
    super.cork();
  }

  /** Keeps what is written from now on until `sendGathered`. */
  gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    super.cork();
  }

  /** Sends what was gathered: nothing follows that could go with it. */
  sendGathered(): void {
    if (!this.#isGathering) return;
    this.#isGathering = false;
    this.uncork();
  }

  override end(...given: unknown[]): this {
    setTimeout(() => this.destroy(), goodByeMs).unref();
    return super.end(...(given as Parameters<Socket["end"]>));
  }
}
