import { appendFile, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { createMemoryTaskAuditLog, type TaskAuditLog, type TaskHttpAudit } from "@millrace/http";

/** So many of the newest entries can be read; the file has them all. */
const kept = 10_000;
/** At a start so much of the end of the file is read. */
const mostBytes = 16 * 1024 * 1024;

/** Keeps an audit as a line of JSON for each entry in a file, which is made when missing. */
export async function openFileAuditLog(path: string): Promise<TaskAuditLog> {
  await mkdir(dirname(path), { recursive: true });
  const newest = createMemoryTaskAuditLog({ kept });
  for (const entry of await readEntries(path)) await newest.append(entry);
  return {
    durable: true,
    kept,
    since: null,
    async append(entry) {
      await newest.append(entry);
      await appendFile(path, `${JSON.stringify(entry)}\n`);
    },
    read: (query) => newest.read(query),
  };
}

async function readEntries(path: string): Promise<readonly TaskHttpAudit[]> {
  await using file = await open(path, "a+");
  const { size } = await file.stat();
  const from = Math.max(0, size - mostBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  const lines = buffer.toString("utf8", 0, bytesRead).split("\n");
  // The first of a part, and the last after a crash, may be cut.
  return lines.flatMap(entryOf);
}

function entryOf(line: string): readonly TaskHttpAudit[] {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "object" && entry !== null && "action" in entry ? [entry as TaskHttpAudit] : [];
  } catch {
    return [];
  }
}
