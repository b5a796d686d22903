import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Violation } from "@millrace/conformance/invariants";
import type { Random } from "@millrace/models";
import { createSqliteTaskStore } from "@millrace/store-sqlite";

/** Where it happens, and how often. */
export interface DroppedMigrationsOptions {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly random: Random;
  readonly rounds: number;
}

/** Kills one of two processes that make the schema of a new file, and looks whether the file serves. */
export async function dropMigrations(options: DroppedMigrationsOptions): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const path = join(options.folder, `migration-${round}.sqlite`);
    const [dropped, other] = await Promise.all([startMigrator(path, options.env), startMigrator(path, options.env)]);
    // Making the schema takes a few milliseconds.
    await new Promise((resolve) => setTimeout(resolve, options.random.next() * 15));
    dropped.kill("SIGKILL");
    const [code] = await ended(other);
    await ended(dropped);
    const problem = code === 0 ? await problemOf(path) : `the other migrator ended with code ${code}`;
    if (problem !== null) violations.push({ invariant: "migration", taskId: null, message: `${path}: ${problem}` });
  }
  return violations;
}

async function startMigrator(path: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = fork(new URL("./migrator.entry.ts", import.meta.url), [path], { env });
  await once(child, "message");
  return child;
}

async function ended(child: ChildProcess): Promise<readonly [code: number | null]> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return [child.exitCode];
}

async function problemOf(path: string): Promise<string | null> {
  const store = createSqliteTaskStore({ path });
  try {
    const { total } = await store.aggregate({});
    return total.count === 0 ? null : `${total.count} tasks in a new file`;
  } catch (error) {
    return String(error);
  } finally {
    await store.close();
  }
}
