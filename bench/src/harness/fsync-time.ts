import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { percentile } from "./statistics.ts";

/** How long this disk takes to make an 8 kB write durable, in ms (median of 200): no durable figure means anything without it. */
export function fsyncTimeMs(folder: string): number {
  const path = join(folder, `fsync-${process.pid}`);
  const file = openSync(path, "w");
  const block = Buffer.alloc(8_192, 1);
  const times: number[] = [];
  try {
    for (let round = 0; round < 200; round += 1) {
      const begun = performance.now();
      writeSync(file, block, 0, block.length, round * block.length);
      fdatasyncSync(file);
      times.push(performance.now() - begun);
    }
  } finally {
    closeSync(file);
    rmSync(path);
  }
  return percentile(times, 50);
}
