// A file of its own: the two suites take the longest of all tests, and so they run side by side.
import { testTaskStore } from "@millrace/conformance";
import { createSqliteTaskStore } from "./create-sqlite-task-store.ts";

testTaskStore({
  name: "sqlite in memory (Q72)",
  capabilities: { missing: ["leaseKeeper", "txFence"] },
  create: async (environment) => {
    const store = createSqliteTaskStore({ path: ":memory:", ...environment });
    return { store, close: () => store.close() };
  },
});
