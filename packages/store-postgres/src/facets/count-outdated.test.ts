import { mostOutdatedCounted } from "@millrace/models";
import { expect, it } from "vitest";
import { tableNames } from "../connection/table-names.ts";
import { openStores } from "../testing/stores.ts";

it("a preview counts up to a bound, and says that there may be more", { timeout: 60_000 }, async () => {
  await using open = await openStores(1, { listen: false });
  const { client, schema } = open.place;
  const [store] = open.stores;
  await store?.read({});
  const add = `insert into ${tableNames(schema, "millrace_").resting} (status, kind, at, id, kept_by_itself)
    select 6, 'work', 0, gen_random_uuid(), false from generate_series(1, $1)`;
  await client.query(add, [mostOutdatedCounted - 1]);
  const count = { succeeded: mostOutdatedCounted - 1, failed: 0, cancelled: 0, exact: true };
  const retention = store?.facet("retention");
  expect(await retention?.preview({ successTtlMs: 0 })).toEqual(count);
  expect(await retention?.preview({ keepLatestSuccessesPerKind: 0 })).toEqual(count);
  await client.query(add, [2]);
  const most = { ...count, succeeded: mostOutdatedCounted, exact: false };
  expect(await retention?.preview({ successTtlMs: 0 })).toEqual(most);
  expect(await retention?.preview({ keepLatestSuccessesPerKind: 0 })).toEqual(most);
});
