import { fork } from "node:child_process";
import { percentile } from "../harness/statistics.ts";
import type { Suite, Variant } from "../harness/suite.ts";
import { type Durability, openStore } from "./millrace-parts.ts";

/** What one writer saw: how long each of its turns took, in ms. */
export interface WriterReply {
  readonly waits: readonly number[];
}

/** Two processes that each write 50 rows a transaction, as fast as they can, for three seconds. */
const two =
  (durability: Durability): Variant =>
  async ({ folder, scale }) => {
    await openStore(folder, durability).close();
    const seconds = Math.max(1, 3 * scale);
    const replies = await Promise.all([writer(folder, durability, seconds), writer(folder, durability, seconds)]);
    const p99 = replies.map(({ waits }) => percentile(waits, 99));
    const counts = replies.map(({ waits }) => waits.length);
    return {
      slowerP99Ms: Math.max(...p99),
      slowerMaxMs: Math.max(...replies.flatMap(({ waits }) => Math.max(...waits))),
      slowerShare: Math.min(...counts) / counts.reduce((sum, count) => sum + count, 0),
      tasksPerSecond: ((counts[0] ?? 0) + (counts[1] ?? 0)) * (50 / seconds),
    };
  };

function writer(folder: string, durability: Durability, seconds: number): Promise<WriterReply> {
  const child = fork(new URL("./writer.entry.ts", import.meta.url), [folder, durability, String(seconds)]);
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as WriterReply));
    child.once("exit", (code) => reject(new Error(`a writer ended with ${code}`)));
  });
}

export const twoWritersSuite: Suite = {
  name: "two-writers",
  title: "SQLite: two processes on one file",
  method:
    "Each writes tasks, 50 a transaction, one call after the other for 3 s; a turn is the time from the call to its answer.",
  variants: { FULL: two("full"), NORMAL: two("normal") },
  targets: [
    { label: "FULL: p99 of the slower process, ms", of: "FULL.slowerP99Ms", atMost: 50 },
    { label: "NORMAL: p99 of the slower process, ms", of: "NORMAL.slowerP99Ms", atMost: 50 },
  ],
};
