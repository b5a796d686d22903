import { createTaskId } from "@millrace/models";
import type { Client } from "pg";

/** A statement as it is sent. */
export interface SentStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The three statements of a task's way, for many tasks at once. */
export interface StatementCycle {
  readonly enqueue: (ids: readonly string[]) => SentStatement;
  readonly claim: (limit: number, token: string) => SentStatement;
  readonly settle: (ids: readonly string[], token: string) => SentStatement;
  /** How many were settled, as the rows of that statement say. @defaultValue a row each */
  readonly countSettled?: (rows: readonly (readonly unknown[])[]) => number;
}

/** How a cycle runs. */
export interface CycleOptions {
  readonly count: number;
  readonly batch: number;
  /** Outside the time, between the two halves. @defaultValue nothing */
  readonly whenFilled?: () => Promise<unknown>;
}

/** How long each half took. Seconds. */
export interface CycleTimes {
  readonly enqueue: number;
  readonly process: number;
}

/** Sends so many tasks through on one connection: first all are stored, then all are claimed and settled, `batch` at a time. */
export async function runCycle(
  client: Client,
  { enqueue, claim, settle, countSettled = (rows) => rows.length }: StatementCycle,
  { count, batch, whenFilled }: CycleOptions,
): Promise<CycleTimes> {
  const run = async (name: string, { text, values }: SentStatement): Promise<unknown[][]> => {
    return (await client.query<unknown[]>({ name, text, values: [...values], rowMode: "array" as const })).rows;
  };
  const begun = performance.now();
  for (let made = 0; made < count; made += batch) {
    const ids = Array.from({ length: Math.min(batch, count - made) }, () => createTaskId());
    await run("enqueue", enqueue(ids));
  }
  const enqueued = performance.now();
  await whenFilled?.();
  const filled = performance.now();
  for (let done = 0; done < count;) {
    const token = crypto.randomUUID();
    const ids = (await run("claim", claim(batch, token))).flatMap(idOf).toSorted();
    const settled = countSettled(await run("settle", settle(ids, token)));
    if (settled === 0) throw new Error(`Nothing was settled after ${done} of ${count}.`);
    done += settled;
  }
  return { enqueue: (enqueued - begun) / 1_000, process: (performance.now() - filled) / 1_000 };
}

/** The first column that looks like the id of a task; a row may have none. */
function idOf(row: readonly unknown[]): readonly string[] {
  const id = row.find((value) => typeof value === "string" && /^[0-9a-f-]{36}$/.test(value));
  return typeof id === "string" ? [id] : [];
}
