export { createSqliteTaskStore, prepareSqliteTaskStoreSchema } from "./create-sqlite-task-store.ts";
export { type BetterSqlite3Database } from "./driver/better-sqlite3-driver.ts";
export { type SqliteDriverName } from "./driver/sqlite-database.ts";
export { createSqliteTaskStoreSchema } from "./schema/task-store-schema.ts";
export { type SqliteTaskStoreOptions } from "./sqlite-store-options.ts";
