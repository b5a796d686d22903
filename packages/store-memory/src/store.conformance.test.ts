import { testTaskStore } from "@millrace/conformance";
import { createMemoryTaskStore } from "./create-memory-task-store.ts";

testTaskStore({
  name: "memory",
  capabilities: { missing: ["leaseKeeper"] },
  create: async (environment) => {
    const store = createMemoryTaskStore(environment);
    return { store, close: () => store.close() };
  },
});
