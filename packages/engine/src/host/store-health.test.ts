import type { HealthFacet, StoreHealth } from "@millrace/models";
import { expect, it } from "vitest";
import { createBench } from "../testing/host-bench.ts";

const held: StoreHealth = {
  horizon: {
    type: "session",
    pid: 4_711,
    name: "report",
    user: "bob",
    state: "idle in transaction",
    ageMs: 90_000,
    ageTransactions: 20_000,
  },
  tables: [],
  findings: [{ code: "HORIZON_HELD", message: "The session with pid 4711 is in the way.", fix: "End it." }],
};

it("a host warns of whoever keeps the database from tidying up, once in ten minutes", async () => {
  let looks = 0;
  const health: HealthFacet = {
    look: async () => {
      looks += 1;
      return held;
    },
  };
  await using bench = createBench((store) => ({
    ...store,
    facet: (name) => (name === "health" ? (health as never) : store.facet(name)),
  }));
  await bench.started({});
  await bench.pass(300_000);
  const told = (): number => bench.lines.filter(({ message }) => message.includes("4711")).length;
  expect(looks).toBeGreaterThan(3);
  expect(told()).toBe(1);
  expect(bench.lines.find(({ message }) => message.includes("4711"))).toMatchObject({ level: "warn" });
  await bench.pass(600_000);
  expect(told()).toBe(2);
});
