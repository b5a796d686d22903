import { expect, it } from "vitest";
import { migrationModule } from "./embed-migrations.ts";

it("keeps the statement byte for byte, whatever quotes it holds", async () => {
  const sql = "select '`', \"a\\b\", '${x}';\n-- é\n";
  const text = migrationModule([{ fileName: "0001_create_tasks.sql", sql }]);
  const module = (await import(
    `data:text/javascript,${encodeURIComponent(text.replace(/: readonly [^=]*=/, " ="))}`
  )) as {
    migrations: unknown;
  };
  expect(module.migrations).toEqual([{ version: 1, name: "create_tasks", sql }]);
});

it("refuses a gap and a name it cannot order", () => {
  expect(() => migrationModule([{ fileName: "0002_b.sql", sql: "" }])).toThrow("must be 0001");
  expect(() => migrationModule([{ fileName: "first.sql", sql: "" }])).toThrow("call it like");
});
