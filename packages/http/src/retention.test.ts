import { createManualClock } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { expect, it } from "vitest";
import { httpBench } from "./testing/http-bench.ts";

it("tells the last sweep of whichever process, and what another policy would take away", async () => {
  const clock = createManualClock();
  const store = createMemoryTaskStore({ clock });
  await using bench = httpBench({}, store);
  expect((await bench.get("/v1/retention")).body).toEqual({ retention: { lastSweep: null } });
  const id = await bench.enqueue();
  await bench.post(`/v1/tasks/${id}/cancel`);
  const policy = { cancelledTtlMs: 5_000, stepLimitPerTask: 50 };
  await store.facet("retention")?.prune(policy, 10);
  const lastSweep = { policy, at: clock.now() };
  expect((await bench.get("/v1/retention")).body).toEqual({ retention: { lastSweep } });
  const none = { succeeded: 0, failed: 0, cancelled: 0, exact: true };
  const preview = async (query: string) => (await bench.get(`/v1/retention/preview${query}`)).body;
  expect(await preview("")).toEqual(none);
  expect(await preview("?cancelledTtlMs=1000")).toEqual(none);
  expect(await preview("?cancelledTtlMs=0&keepLatestFailuresPerKind=3")).toEqual({ ...none, cancelled: 1 });
  expect((await bench.get(`/v1/tasks/${id}`)).status).toBe(200);
});

it("is told nothing of by a store without it, and nothing to whoever is kept to a tenant", async () => {
  await using bench = httpBench({}, { ...createMemoryTaskStore(), facet: () => null });
  expect((await bench.get("/v1/retention")).body).toEqual({ retention: null });
  await using tenant = httpBench({ authorize: () => ({ user: "eve", can: "everything", tenantId: "acme" }) });
  for (const path of ["/v1/retention", "/v1/retention/preview"]) {
    expect(await tenant.get(path)).toMatchObject({ status: 403 });
  }
});
