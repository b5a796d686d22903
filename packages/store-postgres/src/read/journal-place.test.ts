import { aGroup } from "@millrace/conformance";
import { journalStart } from "@millrace/models";
import { expect, it } from "vitest";
import { openStores } from "../testing/stores.ts";

it("I9: transactions are told apart by their numbers, not by how these are written", async () => {
  await using open = await openStores(1);
  const [store] = open.stores;
  const { client, schema } = open.place;
  await store?.enqueue([aGroup({ mustKnowKind: false })]);
  await store?.enqueue([aGroup({ mustKnowKind: false })]);
  for (let xid = 0; xid <= 1_000;) {
    const { rows } = await client.query<{ readonly xid: string }>("select pg_current_xact_id()::text as xid");
    xid = Number(rows[0]?.xid);
  }
  await client.query(
    `update "${schema}".millrace_event set xid = case seq when 1 then '999'::xid8 else '1000'::xid8 end`,
  );
  expect(await store?.events(journalStart, 10)).toMatchObject({
    status: "events",
    events: [{ type: "enqueued" }, { type: "enqueued" }],
  });
});
