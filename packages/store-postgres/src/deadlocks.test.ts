import { aRequest } from "@millrace/conformance";
import { createTaskId } from "@millrace/models";
import { Client } from "pg";
import { expect, it } from "vitest";
import { openStores } from "./testing/stores.ts";

it("a transaction that Postgres ends for a deadlock is done again, and its caller hears nothing of it", async () => {
  await using open = await openStores(1, { listen: false });
  const { place, stores } = open;
  const ids = [createTaskId(), createTaskId()].toSorted();
  await stores[0]?.enqueue(ids.map((id) => ({ tasks: [aRequest({ id, mustKnowKind: false })] })));
  const other = new Client({ connectionString: place.connectionString });
  await other.connect();
  // It waits longer than the store before it looks for a circle, so that the store is the one that has to give way.
  await other.query("begin");
  await other.query("set local deadlock_timeout = '60s'");
  const lock = `select id from "${place.schema}".millrace_queue where id = $1 for update`;
  await other.query(lock, [ids[1]]);
  const cancelled = stores[0]?.cancel(ids.map((taskId) => ({ taskId, mode: "request", reason: null, by: null })));
  const waiting = async (): Promise<number> => {
    const { rows } = await place.client.query(
      `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%"${place.schema}"%'`,
    );
    return rows.length;
  };
  await expect.poll(waiting, { timeout: 20_000 }).toBe(1);
  await other.query(lock, [ids[0]]);
  await other.query("commit");
  await other.end();
  await cancelled;
  const records = await stores[0]?.get(ids);
  expect(records?.map((record) => record?.status)).toEqual(["cancelled", "cancelled"]);
}, 60_000);
