export { createMemoryTaskStore, type MemoryTaskStoreOptions } from "./create-memory-task-store.ts";
