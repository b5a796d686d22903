import { Socket } from "node:net";

// Long enough for a good-bye to be answered anywhere on earth.
const goodByeMs = 2_000;

/**
 * A socket that waits for the other side's good-bye only for a while. A server that has vanished never answers ours, and the
 * process would live on for that.
 */
export class PatientSocket extends Socket {
  override end(...given: unknown[]): this {
    setTimeout(() => this.destroy(), goodByeMs).unref();
    return super.end(...(given as Parameters<Socket["end"]>));
  }
}
