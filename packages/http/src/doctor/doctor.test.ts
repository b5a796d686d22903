import { type StoreHealth, TaskError, type TaskStore } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { createSqliteTaskStore } from "@millrace/store-sqlite";
import { describe, expect, it } from "vitest";
import { httpBench } from "../testing/http-bench.ts";

const verdicts = (checks: readonly { readonly name: string; readonly verdict: string }[]): readonly string[] =>
  checks.map(({ name, verdict }) => `${name} ${verdict}`);

describe("the doctor", () => {
  it("looks at a store in a database, and finds that nobody runs its tasks", async () => {
    await using bench = httpBench({}, createSqliteTaskStore({ path: ":memory:" }));
    await bench.enqueue();
    const { status, body } = await bench.get("/v1/doctor");
    expect(status).toBe(200);
    expect(verdicts(body.checks)).toEqual([
      "hosts problem",
      "kinds problem",
      "store ok",
      "schema ok",
      "database ok",
      "paused ok",
    ]);
    expect(body.at).toBeGreaterThan(0);
  });

  it("leaves out what a store in memory does not have", async () => {
    await using bench = httpBench();
    await bench.host.start();
    expect(verdicts((await bench.get("/v1/doctor")).body.checks)).toEqual([
      "store ok",
      "hosts ok",
      "dispatch ok",
      "paused ok",
    ]);
  });

  it("looks once for all who ask at the same time, and anew after that", async () => {
    const store = createMemoryTaskStore();
    const looks: ((health: StoreHealth) => void)[] = [];
    const health = { look: () => new Promise<StoreHealth>((resolve) => looks.push(resolve)) };
    const facet = ((name) => (name === "health" ? health : store.facet(name))) as TaskStore["facet"];
    await using bench = httpBench({}, { ...store, facet });
    const asked = [bench.get("/v1/doctor"), bench.get("/v1/doctor")];
    await expect.poll(() => looks.length).toBe(1);
    looks[0]?.({ horizon: null, tables: [], findings: [] });
    const [one, two] = await Promise.all(asked);
    expect(one?.body).toEqual(two?.body);
    expect(looks).toHaveLength(1);
    const again = bench.get("/v1/doctor");
    await expect.poll(() => looks.length).toBe(2);
    looks[1]?.({ horizon: null, tables: [], findings: [{ code: "INDEX_INVALID", message: "broken", fix: "mend it" }] });
    expect((await again).body.checks).toContainEqual({
      name: "database",
      verdict: "problem",
      message: "broken",
      fix: "mend it",
    });
  });

  it("says that a store does not answer instead of failing with it", async () => {
    const store = createMemoryTaskStore();
    const read = () => Promise.reject(new TaskError("STORE_UNAVAILABLE", "db.internal is away."));
    await using bench = httpBench({}, { ...store, read });
    const { status, body } = await bench.get("/v1/doctor");
    expect(status).toBe(200);
    expect(body.checks).toMatchObject([{ name: "store", verdict: "problem", fix: expect.any(String) as string }]);
    expect(JSON.stringify(body), "nor tells where the database is").not.toContain("db.internal");
  });

  it("is not for whoever is kept to a tenant", async () => {
    await using bench = httpBench({ authorize: () => ({ user: "eve", can: "everything", tenantId: "acme" }) });
    expect((await bench.get("/v1/doctor")).status).toBe(403);
  });
});
