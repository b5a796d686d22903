import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testTaskStore } from "@millrace/conformance";
import { openLogTaskStore } from "./log-task-store.ts";

testTaskStore({
  name: "log",
  // Parts this store does not have. One that is missing without being named here fails the suite.
  capabilities: { missing: ["leaseKeeper", "txFence", "health", "storage"] },
  runs: { propertyRuns: 20 },
  // Called once a case: fresh and empty, with this clock and this chance and no others.
  create: async (environment) => {
    const folder = mkdtempSync(join(tmpdir(), "millrace-log-"));
    const open = () => openLogTaskStore(join(folder, "tasks.log"), environment);
    let store = open();
    return {
      store,
      // Only for stores that keep what they have: then restarts are tested too.
      reopen: async () => {
        await store.close();
        store = open();
        return store;
      },
      close: async () => {
        await store.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
});
