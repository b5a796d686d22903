import type { Lease } from "@millrace/models";

/** Where the counter of changes and the length stand, as 32-bit words; the text follows. */
const changes = 0;
const length = 1;
const headBytes = 8;

/** Room for about 50,000 leases. Memory that was never written costs nothing. */
const boardBytes = 4 * 1_024 * 1_024;

/** Makes the memory of a board, for both threads. */
export function createBoardMemory(bytes: number = boardBytes): SharedArrayBuffer {
  return new SharedArrayBuffer(headBytes + bytes);
}

/**
 * The leases that one thread holds, written where another can read them without being told: a message would wake it for every claim, to
 * no purpose while the first is well. A counter that is odd during a change, and another one after it, tells the reader what it may
 * believe (a sequence lock).
 */
export class LeaseBoard {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #text: Buffer;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory, 0, headBytes / 4);
    this.#text = Buffer.from(memory, headBytes);
  }

  /** Writes these in the place of all others; says how many of them found room. */
  replace(leases: readonly Lease[]): number {
    let text = "";
    let written = 0;
    for (const lease of leases) {
      const more = lineOf(lease);
      if (text.length + more.length > this.#text.length) break;
      text += more;
      written += 1;
    }
    this.#write(text, 0);
    return written;
  }

  /** Writes these behind the others; false, and nothing is written, when they find no room. */
  add(leases: readonly Lease[]): boolean {
    let text = "";
    for (const lease of leases) text += lineOf(lease);
    const used = this.#words[length] ?? 0;
    if (used + text.length > this.#text.length) return false;
    this.#write(text, used);
    return true;
  }

  /** All that stands there; null when it is just being changed: whoever does that is well. */
  read(): readonly Lease[] | null {
    const before = Atomics.load(this.#words, changes);
    if (before % 2 !== 0) return null;
    const text = this.#text.toString("latin1", 0, this.#words[length]);
    // A write of nothing, so that no read can be moved behind it.
    return Atomics.add(this.#words, changes, 0) === before ? leasesOf(text) : null;
  }

  #write(text: string, from: number): void {
    Atomics.add(this.#words, changes, 1);
    this.#text.write(text, from, "latin1");
    this.#words[length] = from + text.length;
    Atomics.add(this.#words, changes, 1);
  }
}

/** A line each, its parts apart by spaces, of which ids and tokens have none. */
function lineOf({ taskId, attempt, leaseToken }: Lease): string {
  return `${taskId} ${attempt} ${leaseToken}\n`;
}

function leasesOf(text: string): readonly Lease[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const [taskId = "", attempt = "", leaseToken = ""] = line.split(" ");
      return { taskId, attempt: Number(attempt), leaseToken };
    });
}
