import { TaskError } from "@millrace/models";
import type { SqliteDatabase, SqliteDriver } from "../driver/sqlite-database.ts";
import { isBusy } from "./store-error.ts";

/**
 * Whether several connections may write one file with this version of SQLite. Before 3.51.3, and in the withdrawn 3.52.0, a
 * writer that resets the write-ahead log while another writes can damage the file.
 */
export function canShareWrites(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  if (major !== 3) return major > 3;
  if (minor === 52) return patch > 0;
  return minor > 51 || (minor === 51 && patch >= 3);
}

/** The version of SQLite that a driver carries. */
export function sqliteVersion(driver: SqliteDriver): string {
  const database = driver.open({ path: ":memory:", readOnly: false });
  try {
    return String(database.prepare("select sqlite_version()").get()?.[0] ?? "0");
  } finally {
    database.close();
  }
}

/**
 * Makes this connection the only one that writes the file, for as long as the answer is not closed: a lock of the operating
 * system on a second file beside it, which goes with its process however that ends.
 *
 * @throws `STORE_SECOND_WRITER` when another writer has it.
 */
export function holdWriterLock(driver: SqliteDriver, path: string, version: string): SqliteDatabase {
  const database = driver.open({ path: `${path}-writer`, readOnly: false });
  try {
    database.exec("pragma busy_timeout = 0; pragma journal_mode = delete; begin exclusive");
    return database;
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    throw new TaskError(
      "STORE_SECOND_WRITER",
      `Another process writes ${path}, and SQLite ${version} can damage a file that two write.`,
      { cause: error, details: { path, version } },
    );
  }
}
