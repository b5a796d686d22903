import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testTaskStore } from "@millrace/conformance";
import type { TaskStore } from "@millrace/models";
import Database from "better-sqlite3";
import { describe } from "vitest";
import { createSqliteTaskStore } from "./create-sqlite-task-store.ts";

describe("F59: the suite that every database passes, on SQLite", () => {
  testTaskStore({
    name: "sqlite in a file (R59)",
    runs: { propertyRuns: 20 },
    create: async (environment) => {
      const folder = mkdtempSync(join(tmpdir(), "millrace-conformance-"));
      const options = {
        path: join(folder, "tasks.sqlite"),
        tablePrefix: "own_",
        relaxedDurability: true,
        ...environment,
      };
      let store: TaskStore = createSqliteTaskStore(options);
      return {
        store,
        reopen: async () => {
          await store.close();
          store = createSqliteTaskStore(options);
          return store;
        },
        close: async () => {
          await store.close();
          const broken = existsSync(options.path) ? brokenTables(options.path) : [];
          rmSync(folder, { recursive: true, force: true });
          if (broken.length > 0) throw new Error(`The tables contradict each other:\n${broken.join("\n")}`);
        },
      };
    },
  });
});

/**
 * What the small tables say against what the tasks' own rows say: after every case and every random run they must agree.
 * Each query finds what contradicts.
 */
const contradictions: Readonly<Record<string, string>> = {
  "counts that are not those of the rows": `
    select kind, status, tenant_id, sum(n) from (
      select kind, status, tenant_id, n from own_count
      union all select kind, case when status = -2 and failures > 0 then -3 else status end, tenant_id, -1 from own_task)
    group by 1, 2, 3 having sum(n) <> 0`,
  "not-due tasks without their place, or places without a task": `
    select seq from (select kind, due_at, seq, 1 as n from own_due
      union all select kind, scheduled_at, seq, -1 from own_task where status = -2) group by kind, due_at, seq having sum(n) <> 0`,
  "shelved tasks without their place, or places without a task": `
    select seq from (select status, kind, seq, 1 as n from own_shelf
      union all select status, kind, seq, -1 from own_task where status in (-2, -1, 0, 4, 5))
    group by status, kind, seq having sum(n) <> 0`,
  "keys whose use is not that of the tasks": `
    select k.key from own_key k where
      k.used <> (select count(*) from own_task t join own_label l on l.seq = t.seq
        where l.label = 'k:' || k.key and t.tenant_id = k.tenant_id and t.status < 6)
      or k.held <> (select count(*) from own_task t join own_label l on l.seq = t.seq
        where l.label = 'k:' || k.key and t.tenant_id = k.tenant_id and t.status in (2, 3))`,
  "queued tasks with keys that stand nowhere, or twice, or wrongly": `
    select t.seq from own_task t left join own_keyed y on y.seq = t.seq
    where t.flags & 1 and t.status in (1, -1)
    group by t.seq having count(y.seq) <> 1 or (max(y.parked) = 1) <> (t.status = -1)`,
  "places behind keys without a queued task": `
    select y.seq from own_keyed y left join own_task t on t.seq = y.seq where t.seq is null or t.status not in (1, -1)`,
  "tasks parked behind a key that nobody holds or is about to take": `
    select y.key, y.kind from own_keyed y where y.parked = 1
      and not exists (select 1 from own_key k where k.tenant_id = y.tenant_id and k.key = y.key and k.held > 0)
      and not exists (select 1 from own_keyed r where r.parked = 0 and r.tenant_id = y.tenant_id and r.key = y.key and r.kind = y.kind)`,
  "deadlines of tasks that are gone":
    "select r.seq from own_timer r left join own_task t on t.seq = r.seq where t.seq is null",
  "leased tasks without an end of their lease, or the reverse":
    "select seq from own_task where (status in (2, 3)) <> (lease_expires_at is not null)",
  "rows that belong to no task": `
    select seq from own_loose where seq not in (select seq from own_task)
    union all select seq from own_input where seq not in (select seq from own_task)
    union all select seq from own_label where seq not in (select seq from own_task)
    union all select seq from own_supersede where seq not in (select seq from own_task where status < 6)
    union all select seq from own_dedupe where seq not in (select seq from own_task)
    union all select task from own_step where task not in (select seq from own_task)
    union all select task from own_attempt where task not in (select seq from own_task)
    union all select task from own_memo where task not in (select seq from own_task)
    union all select task from own_signal where task not in (select seq from own_task where status < 6)
    union all select waiter from own_edge where waiter not in (select seq from own_task)
    union all select dependency from own_edge where dependency not in (select seq from own_task)`,
};

function brokenTables(path: string): readonly string[] {
  const database = new Database(path, { readonly: true });
  try {
    return Object.entries(contradictions).flatMap(([what, sql]) => {
      const rows = database.prepare(sql).raw().all();
      return rows.length > 0 ? [`${what}: ${JSON.stringify(rows.slice(0, 5))}`] : [];
    });
  } finally {
    database.close();
  }
}
