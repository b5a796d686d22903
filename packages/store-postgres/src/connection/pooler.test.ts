import { aGroup } from "@millrace/conformance";
import { isTaskError, type TaskStore } from "@millrace/models";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { createPostgresTaskStore } from "../create-postgres-task-store.ts";
import type { PostgresTaskStoreOptions } from "../postgres-store-options.ts";
import { findPooler, type Pooler, startPooler } from "../testing/pooler.ts";
import { openTestSchema, type TestSchema } from "../testing/test-schema.ts";

vi.setConfig({ testTimeout: 30_000 });

const program = findPooler();
const kinds = [{ kind: "work", slots: 10 }];
const claimOf = { hostId: "h", kinds, limit: 10, leaseMs: 30_000, suspects: "include" } as const;
// This program comes from the system's packages, and from no registry of ours.
const title =
  program === null ? "behind pgbouncer (no such program here: apt-get install pgbouncer)" : "behind pgbouncer";

describe.skipIf(program === null)(title, () => {
  let pooler: Pooler;
  let place: TestSchema;
  const stores: TaskStore[] = [];
  beforeAll(async () => {
    pooler = await startPooler(program ?? "", inject("postgresUrl"));
    place = await openTestSchema();
  }, 60_000);
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await place.drop();
    await pooler.stop();
  });
  const open = (options: Partial<PostgresTaskStoreOptions>): TaskStore => {
    const store = createPostgresTaskStore({ connectionString: pooler.url, schema: place.schema, ...options });
    stores.push(store);
    return store;
  };

  it("hosts share few connections by the transaction, and do all they do without", async () => {
    const [one, other] = [open({ pooler: "transaction" }), open({ pooler: "transaction", relaxedDurability: true })];
    const keyed = { concurrencyKeys: [{ key: "k", limit: 3 }], mustKnowKind: false };
    await Promise.all(
      [one, other].flatMap((store) =>
        Array.from({ length: 10 }, (_, n) => store.enqueue([aGroup(n % 2 === 0 ? keyed : { mustKnowKind: false })])),
      ),
    );
    const done = new Set<string>();
    while (done.size < 20) {
      const claims = await Promise.all([one.claim(claimOf), other.claim(claimOf)]);
      const claimed = claims.flatMap(({ tasks }) => tasks.map(({ task }) => task));
      expect(claimed.filter(({ concurrencyKeys }) => concurrencyKeys.length > 0).length).toBeLessThanOrEqual(3);
      const settlements = claimed.map(({ id, attempt, leaseToken }) => ({
        taskId: id,
        attempt,
        leaseToken: leaseToken ?? "",
        started: true,
        settlement: { type: "succeed" as const, output: null },
      }));
      for (const { status } of await one.settle(settlements)) expect(status).toBe("held");
      for (const { id } of claimed) done.add(id);
    }
    const page = await other.read({ statuses: ["succeeded"] });
    expect(new Set(page.tasks.map(({ id }) => id))).toEqual(done);
  });

  it("hosts hear of each other where `listen` leads past it", async () => {
    const listener = open({ pooler: "transaction", listen: inject("postgresUrl") });
    const heard = (): Promise<void> =>
      new Promise((resolve) => {
        const stop = listener.watch(() => {
          stop();
          resolve();
        });
      });
    await heard();
    const woken = heard();
    await open({ pooler: "transaction" }).enqueue([aGroup({ mustKnowKind: false })]);
    await woken;
  });

  it("a store that was not told of it says so, and what to do", async () => {
    const refused: unknown = await open({ listen: false })
      .read({})
      .catch((error: unknown) => error);
    expect(isTaskError(refused, "OPTION_INVALID")).toBe(true);
    expect(refused).toMatchObject({ fix: expect.stringContaining('pooler: "transaction"') });
  });
});
