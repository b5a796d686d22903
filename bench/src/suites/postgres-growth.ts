import { percentile } from "../harness/statistics.ts";
import type { Figures, Suite, Variant } from "../harness/suite.ts";
import { claimAndSettle, fill, noop, plainRequest } from "./millrace-parts.ts";
import {
  batch,
  claimStatementMs,
  deadRows,
  finish,
  openPlace,
  type PostgresPlace,
  slowestStatementMs,
  timedClaim,
  walBytes,
} from "./postgres-growth-parts.ts";

const rareKind = "bench.rare";

/** Enqueue, claim and settle 200 at a time, on top of whatever the store holds already. */
async function costPerTask({ store }: PostgresPlace): Promise<Figures> {
  const enqueue: number[] = [];
  const process: number[] = [];
  for (let round = 0; round < 100; round += 1) {
    const begun = performance.now();
    await fill(store, batch, () => plainRequest(noop.kind, { priority: 1 }));
    const filled = performance.now();
    const done = await claimAndSettle(store, batch);
    if (done !== batch) throw new Error(`A claim of ${batch} brought ${done}.`);
    enqueue.push(((filled - begun) * 1_000) / batch);
    process.push(((performance.now() - filled) * 1_000) / batch);
  }
  return { enqueueUs: percentile(enqueue, 50), processUs: percentile(process, 50) };
}

const empty: Variant = async ({ postgresUrl }) => {
  await using place = await openPlace(postgresUrl);
  await finish(place, 2_000);
  return await costPerTask(place);
};

/** 700,000 due and 300,000 in the future, half of those of a higher priority than everything due. */
const queued: Variant = async ({ postgresUrl, scale }) => {
  await using place = await openPlace(postgresUrl);
  await fill(place.store, Math.round(1_000_000 * scale), (n) =>
    plainRequest(noop.kind, n % 10 < 3 ? { delayMs: 86_400_000, priority: n % 2 === 0 ? 5 : 0 } : {}),
  );
  await claimAndSettle(place.store, batch);
  return await costPerTask(place);
};

const finished: Variant = async ({ postgresUrl, scale }) => {
  await using place = await openPlace(postgresUrl);
  await finish(place, Math.round(1_000_000 * scale));
  return await costPerTask(place);
};

/** Somebody's transaction keeps every dead row alive while 60,000 tasks go through a backlog of 10,000. */
const held: Variant = async ({ postgresUrl, scale }) => {
  await using place = await openPlace(postgresUrl);
  const { store, client } = place;
  await finish(place, 20_000 * scale);
  await fill(store, 10_000);
  await client.query("begin isolation level repeatable read");
  await client.query("select count(*) from millrace_meta");
  const claimMs: number[] = [];
  for (let round = 0; round < (60_000 * scale) / batch; round += 1) {
    await fill(store, batch);
    claimMs.push(await timedClaim(place, batch));
  }
  await client.query("commit");
  const sixth = Math.max(1, Math.round(claimMs.length / 6));
  return { firstMs: percentile(claimMs.slice(0, sixth), 50), lastMs: percentile(claimMs.slice(-sixth), 50) };
};

const rare: Variant = async ({ postgresUrl, scale }) => {
  await using place = await openPlace(postgresUrl);
  await fill(place.store, Math.round(300_000 * scale));
  await fill(place.store, 200, () => plainRequest(rareKind));
  // A host that has been at work for a moment: its code is compiled.
  for (let round = 0; round < 1_000; round += 1) await timedClaim(place, 1);
  await slowestStatementMs(place.client);
  const claimMs: number[] = [];
  for (let round = 0; round < 100; round += 1) claimMs.push(await timedClaim(place, 1, rareKind));
  const statementMs = await claimStatementMs(place.client);
  const listMs: number[] = [];
  for (let round = 0; round < 50; round += 1) {
    const begun = performance.now();
    await place.store.read({ limit: 60, kinds: [rareKind] });
    listMs.push(performance.now() - begun);
  }
  return { claimMs: percentile(claimMs, 50), statementMs, listMs: percentile(listMs, 50) };
};

const retention: Variant = async ({ postgresUrl, scale }) => {
  await using place = await openPlace(postgresUrl);
  const { store, client } = place;
  const count = Math.round(1_000_000 * scale);
  await finish(place, count);
  await slowestStatementMs(client);
  const begun = performance.now();
  let deleted = 0;
  for (let more = true; more;) {
    const bite = await store.facet("retention")?.prune({ successTtlMs: 0, journalKeepMs: 0 }, 500);
    deleted += bite?.deletedTasks ?? 0;
    more = bite?.more ?? false;
  }
  if (deleted !== count) throw new Error(`${deleted} of ${count} tasks were deleted.`);
  const perSecond = count / ((performance.now() - begun) / 1_000);
  return { slowestStatementMs: await slowestStatementMs(client), perSecond };
};

/** Tasks through a backlog of 10,000, and what each costs the database. */
const longRun: Variant = async ({ postgresUrl, scale }) => {
  await using place = await openPlace(postgresUrl);
  const { store, client } = place;
  const count = Math.round(500_000 * scale);
  await fill(store, 10_000);
  const [walBefore, deadBefore] = [await walBytes(client), await deadRows(client)];
  const rates: number[] = [];
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const begun = performance.now();
    for (let done = 0; done < count / 10; done += batch) {
      await fill(store, batch);
      await claimAndSettle(store, batch);
    }
    rates.push(count / 10 / ((performance.now() - begun) / 1_000));
  }
  return {
    firstPerSecond: rates[0] ?? 0,
    lastPerSecond: rates.at(-1) ?? 0,
    walBytesPerTask: ((await walBytes(client)) - walBefore) / count,
    deadRowsPerTask: ((await deadRows(client)) - deadBefore) / count,
  };
};

const within = (variant: string) => ({
  label: `claim and settle of a task, ${variant}, against the empty store`,
  of: `${variant}.processUs`,
  per: "empty.processUs",
  atMost: 1.5,
});

export const postgresGrowthSuite: Suite = {
  name: "postgres-growth",
  title: "Postgres: what stays the same as the store grows",
  method:
    "The store alone, 200 a call, `synchronous_commit=on`: enqueue + claim + settle of tasks that come first in order (median of 100 calls) " +
    "over an empty store, 1,000,000 queued and 1,000,000 finished tasks; a claim of 200 among the first and the last 10,000 of " +
    "60,000 tasks while another transaction holds the horizon; a claim of one task of a kind behind 300,000 of another (median of 100 after 1,000 of the other kind), as the caller saw it with its commit, and its statement as the server saw it; 1,000,000 finished tasks " +
    "deleted 500 at a time, the slowest statement as the server saw it; 500,000 tasks through a backlog of 10,000.",
  needsPostgres: true,
  variants: {
    empty,
    "1M queued": queued,
    "1M finished": finished,
    "held horizon": held,
    "rare kind": rare,
    retention,
    "500,000 tasks": longRun,
  },
  targets: [
    within("1M queued"),
    within("1M finished"),
    {
      label: "claim of 200 under a held horizon, last 10,000 of 60,000 tasks against the first",
      of: "held horizon.lastMs",
      per: "held horizon.firstMs",
      atMost: 1.3,
    },
    { label: "claim of a rare kind behind 300,000 others, ms", of: "rare kind.claimMs", atMost: 1 },
    { label: "slowest statement of retention, ms", of: "retention.slowestStatementMs", atMost: 100 },
    {
      label: "500,000 tasks: last tenth against the first",
      of: "500,000 tasks.lastPerSecond",
      per: "500,000 tasks.firstPerSecond",
      atLeast: 0.9,
    },
  ],
};
