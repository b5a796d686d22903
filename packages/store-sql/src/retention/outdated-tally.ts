import { mostOutdatedCounted, type OutdatedCounts } from "@millrace/models";
import { statusCode } from "../codec/status-code.ts";

/** Outdated tasks on their way to be counted, by status. */
export class OutdatedTally {
  readonly #counts = new Map<number, number>();

  /** How many may still be counted. */
  left: number = mostOutdatedCounted;

  /** At most `left`. */
  add(code: number, n: number): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + n);
    this.left -= n;
  }

  counts(): OutdatedCounts {
    const of = (status: "succeeded" | "failed" | "cancelled"): number => this.#counts.get(statusCode(status)) ?? 0;
    const exact = this.left > 0;
    return Object.freeze({ succeeded: of("succeeded"), failed: of("failed"), cancelled: of("cancelled"), exact });
  }
}
