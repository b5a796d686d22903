import { Pool } from "pg";
import { expect, inject, it, vi } from "vitest";
import { Lender } from "./lender.ts";
import { type Session, type Sql, Statements } from "./session.ts";
import { tableNames } from "./table-names.ts";

const selectPid: Sql = () => "select pg_backend_pid()";
const endOther: Sql = () => "select pg_terminate_backend($1)";

const pidOver = async (session: Session): Promise<unknown> => (await session.run(selectPid))[0]?.[0];

function openLender(max: number) {
  const pool = new Pool({ connectionString: inject("postgresUrl"), max });
  let trips = 0;
  pool.on("acquire", () => (trips += 1));
  pool.on("error", () => {});
  const lender = new Lender(pool, new Statements(tableNames("public", "millrace_"), true));
  return { lender, pool, trips: () => trips, [Symbol.asyncDispose]: () => lender.end() };
}

it("lends what has just come back without a way through the pool", async () => {
  await using open = openLender(2);
  const first = await open.lender.lend(pidOver);
  expect(await open.lender.lend(pidOver)).toBe(first);
  expect(open.trips()).toBe(1);
});

it("gives back to the pool what nobody asks for again", async () => {
  await using open = openLender(2);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    await open.lender.lend(pidOver);
    expect(open.pool.idleCount).toBe(0);
    vi.advanceTimersByTime(1_000);
    expect(open.pool.idleCount).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

it("gives what comes back to whoever waits for it", async () => {
  await using open = openLender(1);
  const gate = Promise.withResolvers<void>();
  const first = open.lender.lend(async (session) => {
    await gate.promise;
    return pidOver(session);
  });
  const second = open.lender.lend(pidOver);
  gate.resolve();
  expect(await second).toBe(await first);
});

it("F58: trusts no connection that was opened before another was lost", async () => {
  await using open = openLender(3);
  const { lender } = open;
  // The outer one comes back last, and is lent first.
  const [outer, inner] = await lender.lend(async (session) => [await pidOver(session), await lender.lend(pidOver)]);
  await using other = openLender(1);
  await other.lender.lend((session) => session.run(endOther, [outer]));
  // It may be heard of before the next use, or by it.
  const next = await lender.lend(pidOver).catch(() => lender.lend(pidOver));
  expect([outer, inner]).not.toContain(next);
});
