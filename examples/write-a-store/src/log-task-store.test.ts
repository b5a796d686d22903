import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testTaskStore } from "@millrace/conformance";
import { openLogTaskStore } from "./log-task-store.ts";

testTaskStore({
  name: "log",
  capabilities: { missing: ["leaseKeeper"] },
  runs: { propertyRuns: 20 },
  create: async (environment) => {
    const folder = mkdtempSync(join(tmpdir(), "millrace-log-"));
    const open = () => openLogTaskStore(join(folder, "tasks.log"), environment);
    let store = open();
    return {
      store,
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
