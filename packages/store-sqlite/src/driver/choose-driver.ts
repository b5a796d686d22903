import { TaskError } from "@millrace/models";
import { betterSqlite3Driver } from "./better-sqlite3-driver.ts";
import { bunSqliteDriver } from "./bun-sqlite-driver.ts";
import { nodeSqliteDriver } from "./node-sqlite-driver.ts";
import type { SqliteDriver, SqliteDriverName } from "./sqlite-database.ts";

const drivers: readonly SqliteDriver[] = [betterSqlite3Driver, nodeSqliteDriver, bunSqliteDriver];

/**
 * The driver of a name; without one Bun's own in Bun, better-sqlite3 elsewhere.
 *
 * @throws `OPTION_INVALID` for another name.
 */
export function chooseDriver(name: SqliteDriverName | undefined): SqliteDriver {
  const wanted = name ?? ("bun" in process.versions ? "bun:sqlite" : "better-sqlite3");
  const driver = drivers.find((each) => each.name === wanted);
  if (driver) return driver;
  throw new TaskError(
    "OPTION_INVALID",
    `driver must be one of ${drivers.map((each) => each.name).join(", ")}, got ${JSON.stringify(name)}.`,
    { details: { path: "driver" } },
  );
}
