import { mostOutdatedCounted } from "@millrace/models";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { createSqliteTaskStore } from "../create-sqlite-task-store.ts";

it("a preview counts up to a bound, and says that there may be more", async () => {
  const database = new Database(":memory:");
  const store = createSqliteTaskStore({ database });
  await store.read({});
  const rows = (count: number): string => `
    with recursive s(n) as (select 1 union all select n + 1 from s where n < ${count})
    insert into millrace_task (id, kind, status, scheduled_at, created_at, finished_at)
    select 'of ' || ${count} || n, 'work', 6, 0, 0, 0 from s`;
  database.exec(
    `${rows(mostOutdatedCounted - 1)}; insert into millrace_count values ('', 'work', 6, ${mostOutdatedCounted - 1})`,
  );
  const count = { succeeded: mostOutdatedCounted - 1, failed: 0, cancelled: 0, exact: true };
  const retention = store.facet("retention");
  expect(await retention?.preview({ successTtlMs: 0 })).toEqual(count);
  expect(await retention?.preview({ keepLatestSuccessesPerKind: 0 })).toEqual(count);
  database.exec(`${rows(2)}; update millrace_count set n = n + 2`);
  const most = { ...count, succeeded: mostOutdatedCounted, exact: false };
  expect(await retention?.preview({ successTtlMs: 0 })).toEqual(most);
  expect(await retention?.preview({ keepLatestSuccessesPerKind: 0 })).toEqual(most);
  await store.close();
  database.close();
});
