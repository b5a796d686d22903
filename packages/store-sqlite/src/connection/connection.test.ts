import { expect, it } from "vitest";
import { chooseDriver } from "../driver/choose-driver.ts";
import type { SqliteDriverName } from "../driver/sqlite-database.ts";
import { Connection, type Sql } from "./connection.ts";
import { tableNames } from "./table-names.ts";

const [major = 0] = process.versions.node.split(".").map(Number);
const here: readonly SqliteDriverName[] = major >= 24 ? ["better-sqlite3", "node:sqlite"] : ["better-sqlite3"];

it.each(here)("hears within a thousand questions how statistics have a statement planned, by %s", (driver) => {
  const database = chooseDriver(driver).open({ path: ":memory:", readOnly: false });
  const names = tableNames("millrace_");
  database.exec(`create table ${names.task} (seq integer primary key, id text unique)`);
  database.exec(`insert into ${names.task} values (1, 'a')`);
  const connection = new Connection(database, names);
  const someTasks: Sql = (n) => `update ${n.task} set id = ? where seq in (+?, +?, +?, +?, +?, +?, +?, +?)`;
  const lastAnswer = (): boolean =>
    Array.from({ length: 1_000 }, () => connection.findsTasks(someTasks)).at(-1) ?? false;
  expect(connection.findsTasks(someTasks)).toBe(true);
  // Nobody tells a connection that it was done; a look at each question would cost too much.
  database.exec("analyze");
  expect(lastAnswer()).toBe(false);
  database.exec("update sqlite_stat1 set stat = '1000000 1'; analyze sqlite_schema");
  expect(lastAnswer()).toBe(true);
  connection.close();
});
