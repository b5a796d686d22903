import { readFile } from "node:fs/promises";
import { writeAtomically } from "../files/write-atomically.ts";

export interface DamageRequest {
  readonly from: string;
  readonly to: string;
  /** Between 0 and 1: how much of the file the copy keeps. */
  readonly keepShare: number;
}

/** Copies a file and drops its end, as a download does that stops halfway. The same request gives the same bytes. */
export async function damageDataset(request: DamageRequest): Promise<void> {
  const content = await readFile(request.from);
  await writeAtomically(request.to, content.subarray(0, Math.floor(content.length * request.keepShare)));
}
