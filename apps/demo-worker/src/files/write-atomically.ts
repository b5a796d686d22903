import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a file so that nobody ever sees half of it: to a neighbour first, flushed to the disk, then renamed.
 * A process killed in between leaves only the neighbour behind, which the next write of the same attempt replaces.
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const neighbour = `${path}.${String(process.pid)}.part`;
  try {
    const file = await open(neighbour, "w");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(neighbour, path);
  } catch (error) {
    await rm(neighbour, { force: true });
    throw error;
  }
}
