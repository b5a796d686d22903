import { Client } from "pg";
import type { Figures, Suite, Variant } from "../harness/suite.ts";
import { bareStatements } from "./bare-statements.ts";
import { noop, payload } from "./millrace-parts.ts";
import { storeStatements } from "./raw-postgres.ts";
import { runCycle, type StatementCycle } from "./statement-cycle.ts";

const tasks = 30_000;
const batch = 200;

const bare: Variant = async ({ postgresUrl, scale }) => {
  const { options } = await storeStatements(postgresUrl);
  await using client = await connected(postgresUrl, options);
  return await measure(client, await bareStatements(client, noop.kind, JSON.stringify(payload(1))), scale);
};

const ours: Variant = async ({ postgresUrl, scale }) => {
  const { cycle, options } = await storeStatements(postgresUrl);
  await using client = await connected(postgresUrl, options);
  return await measure(client, cycle, scale);
};

async function connected(connectionString: string, options: string): Promise<Client & AsyncDisposable> {
  const client = new Client({ connectionString, options });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/** Once as the tables were made, and once more with what ANALYZE learns of them while all of it is queued. */
async function measure(client: Client, cycle: StatementCycle, scale: number): Promise<Figures> {
  const size = { count: Math.round(tasks * scale), batch };
  await runCycle(client, cycle, { count: batch, batch });
  const fresh = await runCycle(client, cycle, size);
  const analyzed = await runCycle(client, cycle, { ...size, whenFilled: () => client.query("analyze") });
  const us = (seconds: number): number => (seconds * 1e6) / size.count;
  return {
    enqueueUs: us((fresh.enqueue + analyzed.enqueue) / 2),
    processUs: us((fresh.process + analyzed.process) / 2),
    neverAnalyzedUs: us(fresh.enqueue + fresh.process),
    analyzedUs: us(analyzed.enqueue + analyzed.process),
    totalUs: us((fresh.enqueue + fresh.process + analyzed.enqueue + analyzed.process) / 2),
  };
}

export const postgresBareSuite: Suite = {
  name: "postgres-bare",
  title: "Postgres: what a plain task pays for all that it does not use",
  method:
    "The statements alone, 200 tasks each, one connection with the store's settings, `synchronous_commit=on`: 30,000 tasks stored, then claimed and " +
    "settled, on tables never analyzed and once more with an ANALYZE in between. Bare: a record, a ready and a running row, fenced by the attempt, and nothing else: " +
    "no keys, limits, waits, cancels, versions or journal. Against it those that the store sends for a plain task.",
  needsPostgres: true,
  rounds: 5,
  variants: { bare, millrace: ours },
  targets: [
    { label: "a plain task against the bare statements", of: "millrace.totalUs", per: "bare.totalUs", atMost: 1.25 },
  ],
};
