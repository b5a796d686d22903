import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createPostgresTaskStore } from "@millrace/store-postgres";
import { type StopMode, startTestServer } from "@millrace/store-postgres/testing/test-server";
import { percentile } from "../harness/statistics.ts";
import type { Suite, Variant } from "../harness/suite.ts";
import { fill, noop, plainRequest } from "./millrace-parts.ts";
import { startRecoveryHost } from "./recovery-host.ts";

/** As many as a host runs at once, by default. */
const heldTasks = 4;
/** The lease by default, and a sweep that comes as late as it may. */
const leaseAndSweepMs = 30_000 + 5_000 * 1.2;

/** A host is killed as soon as it has all the tasks: their leases are then as long as they ever are. */
const killed: Variant = async ({ postgresUrl }) => {
  const store = createPostgresTaskStore({ connectionString: postgresUrl });
  await fill(store, heldTasks);
  const holder = await startRecoveryHost(postgresUrl, "held");
  await holder.begun(heldTasks);
  const other = await startRecoveryHost(postgresUrl, "quick");
  const killedAt = performance.now();
  await holder.kill();
  await other.begun(heldTasks);
  const [firstAt = 0] = other.begunAt;
  await other.kill();
  await store.close();
  return { firstMs: firstAt - killedAt, allMs: (other.begunAt.at(-1) ?? 0) - killedAt };
};

/** The database goes away, long enough for a host to try as seldom as it ever does, and comes back. */
const restarted =
  (mode: StopMode): Variant =>
  async ({ folder, scale }) => {
    // Beside the folder of this variant, which only its own user may enter.
    const server = await startTestServer({ isDurable: true, under: dirname(folder) });
    const store = createPostgresTaskStore({ connectionString: server.url });
    await fill(store, 1);
    const host = await startRecoveryHost(server.url, "quick");
    await host.begun(1);
    const times: number[] = [];
    for (let n = 1; n <= Math.max(1, Math.round(5 * scale)); n += 1) {
      // A client says so as soon as it is back, which would wake the host: this task is there before.
      await fill(store, 1, () => plainRequest(noop.kind, { delayMs: 2_000 }));
      await server.restart(mode, () => pause(8_000 + 500 * n));
      const readyAt = performance.now();
      await host.begun(n + 1);
      times.push((host.begunAt.at(-1) ?? 0) - readyAt);
    }
    await host.kill();
    await store.close();
    await server.stop();
    return { p50Ms: percentile(times, 50), slowestMs: Math.max(...times) };
  };

export const postgresRecoverySuite: Suite = {
  name: "postgres-recovery",
  title: "Postgres: how soon work goes on",
  method:
    "Hosts with the default settings in processes of their own. A host that has just begun four tasks is ended by SIGKILL: until all of them have " +
    "begun again in another that was there already. A database that is stopped, or crashes, and is away for 8 to 11 s while a task falls due, five times: " +
    "from when it takes connections again until that task begins.",
  needsPostgres: true,
  variants: {
    "host killed": killed,
    "database restarted": restarted("fast"),
    "database crashed": restarted("immediate"),
  },
  targets: [
    { label: "kill -9 of a host: its tasks run again, ms", of: "host killed.allMs", atMost: 40_000 },
    { label: "the same, within a lease and a sweep, ms", of: "host killed.allMs", atMost: leaseAndSweepMs },
    ...["restarted", "crashed"].map((how) => ({
      label: `database ${how}: the next task begins, the slowest of five, ms`,
      of: `database ${how}.slowestMs`,
      atMost: 5_000,
    })),
  ],
};
