import { createMemoryTaskStore } from "@millrace/store-memory";
import { testTaskStore } from "./test-task-store.ts";

testTaskStore({
  name: "memory",
  capabilities: { missing: ["leaseKeeper", "txFence", "health"] },
  create({ clock, random }) {
    const store = createMemoryTaskStore({ clock, random });
    return Promise.resolve({ store, close: () => store.close() });
  },
});
