import { testTaskStore } from "@millrace/conformance";
import { describe } from "vitest";
import { createMemoryTaskStore } from "./create-memory-task-store.ts";

describe("Q72: the suite that every store passes, on the one in memory", () => {
  testTaskStore({
    name: "memory",
    capabilities: { missing: ["leaseKeeper", "txFence", "health"] },
    create: async (environment) => {
      const store = createMemoryTaskStore(environment);
      return { store, close: () => store.close() };
    },
  });
});
