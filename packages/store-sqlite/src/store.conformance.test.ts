import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testTaskStore } from "@millrace/conformance";
import { createSqliteTaskStore } from "./create-sqlite-task-store.ts";

testTaskStore({
  name: "sqlite in memory",
  capabilities: { missing: ["leaseKeeper"] },
  create: async (environment) => {
    const store = createSqliteTaskStore({ path: ":memory:", ...environment });
    return { store, close: () => store.close() };
  },
});

testTaskStore({
  name: "sqlite in a file",
  create: async (environment) => {
    const folder = mkdtempSync(join(tmpdir(), "millrace-conformance-"));
    const options = { path: join(folder, "tasks.sqlite"), tablePrefix: "own_", ...environment };
    const store = createSqliteTaskStore(options);
    return {
      store,
      close: async () => {
        await store.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
});
