import { prepareSqliteTaskStoreSchema } from "@millrace/store-sqlite";

// Makes the schema; it will be killed at any moment of it.
const [path] = process.argv.slice(2);
if (!path) throw new Error("a migrator needs a file");
process.send?.("begins");
await prepareSqliteTaskStoreSchema({ path });
process.disconnect?.();
