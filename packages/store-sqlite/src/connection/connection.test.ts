import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { overBetterSqlite3 } from "../driver/better-sqlite3-driver.ts";
import { Connection, type Sql } from "./connection.ts";
import { tableNames } from "./table-names.ts";

it("hears within a thousand questions that statistics have a statement read the whole table, and that others do not", () => {
  const database = new Database(":memory:");
  const names = tableNames("millrace_");
  database.exec(
    `create table ${names.task} (seq integer primary key, id text unique); insert into ${names.task} values (1, 'a')`,
  );
  const connection = new Connection(overBetterSqlite3(database), names);
  const someTasks: Sql = (n) => `update ${n.task} set id = ? where seq in (+?, +?, +?, +?, +?, +?, +?, +?)`;
  const lastAnswer = (): boolean =>
    Array.from({ length: 1_000 }, () => connection.findsTasks(someTasks)).at(-1) ?? false;
  expect(connection.findsTasks(someTasks)).toBe(true);
  // Nobody tells a connection that it was done; a look at each question would cost too much.
  database.exec("analyze");
  expect(lastAnswer()).toBe(false);
  database.exec(`update sqlite_stat1 set stat = '1000000 1'; analyze sqlite_schema`);
  expect(lastAnswer()).toBe(true);
  connection.close();
});
