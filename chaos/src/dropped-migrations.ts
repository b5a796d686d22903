import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Violation } from "@millrace/conformance/invariants";
import type { Random } from "@millrace/models";
import type { ChaosDatabase } from "./database/chaos-database.ts";
import { type DatabaseAddress, environmentOf, openStore } from "./database/database-address.ts";
import { wait } from "./wait.ts";

/** Where it happens, and how often. */
export interface DroppedMigrationsOptions {
  readonly database: Pick<ChaosDatabase, "empty" | "migrationMs">;
  readonly env: NodeJS.ProcessEnv;
  readonly random: Random;
  readonly rounds: number;
}

/** Kills one of two processes that make the schema of a new place, and looks whether the place serves. */
export async function dropMigrations({
  database,
  env,
  random,
  rounds,
}: DroppedMigrationsOptions): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const address = database.empty(round);
    const own = { ...env, ...environmentOf(address) };
    const [dropped, other] = await Promise.all([startMigrator(own), startMigrator(own)]);
    await wait(random.next() * database.migrationMs);
    dropped.kill("SIGKILL");
    const [code] = await ended(other);
    await ended(dropped);
    const problem = code === 0 ? await problemOf(address) : `the other migrator ended with code ${code}`;
    if (problem !== null)
      violations.push({ invariant: "migration", taskId: null, message: `${JSON.stringify(address)}: ${problem}` });
  }
  return violations;
}

async function startMigrator(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = fork(new URL("./migrator.entry.ts", import.meta.url), { env });
  await once(child, "message");
  return child;
}

async function ended(child: ChildProcess): Promise<readonly [code: number | null]> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return [child.exitCode];
}

async function problemOf(address: DatabaseAddress): Promise<string | null> {
  const store = openStore(address);
  try {
    const { total } = await store.aggregate({});
    return total.count === 0 ? null : `${total.count} tasks in a new place`;
  } catch (error) {
    return String(error);
  } finally {
    await store.close();
  }
}
