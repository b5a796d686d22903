export { type CallerTransaction } from "./caller/caller-transaction.ts";
export { createPostgresTaskStore, preparePostgresTaskStoreSchema } from "./create-postgres-task-store.ts";
export { type PostgresTaskStoreOptions } from "./postgres-store-options.ts";
export { createPostgresTaskStoreSchema } from "./schema/task-store-schema.ts";
