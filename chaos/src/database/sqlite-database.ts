import { join } from "node:path";
import type { ChaosDatabase } from "./chaos-database.ts";
import type { DatabaseAddress } from "./database-address.ts";

/** One file, which fails only as the processes do that write it. */
export function sqliteDatabase(folder: string): ChaosDatabase {
  const at = (name: string): DatabaseAddress => ({ driver: "sqlite", path: join(folder, `${name}.sqlite`) });
  return {
    title: "one SQLite file",
    direct: at("tasks"),
    troubled: at("tasks"),
    empty: (n) => at(`migration-${n}`),
    migrationMs: 15,
    isJournalInOrder: true,
    befall: () => Promise.resolve([]),
    stop: () => Promise.resolve(),
  };
}
