import { isTaskError } from "@millrace/models";
import { expect, it } from "vitest";
import { type Migration, planMigrations } from "./plan-migrations.ts";

const migrations: readonly Migration[] = [
  { version: 1, name: "create_tasks", sql: "" },
  { version: 2, name: "add_more", sql: "" },
];

const codeOf = (run: () => unknown): string | null => {
  try {
    run();
    return null;
  } catch (error) {
    return isTaskError(error) ? error.code : "other";
  }
};

it("R60: plans everything for an empty database and the rest for an older one", () => {
  expect(planMigrations({ version: null, tables: [] }, migrations)).toEqual(migrations);
  expect(planMigrations({ version: 1, tables: ["x_task"] }, migrations)).toEqual(migrations.slice(1));
  expect(planMigrations({ version: 2, tables: ["x_task"] }, migrations)).toEqual([]);
});

it("R60: refuses a newer schema and a stranger's table", () => {
  expect(codeOf(() => planMigrations({ version: 3, tables: [] }, migrations))).toBe("STORE_SCHEMA_NEWER");
  expect(codeOf(() => planMigrations({ version: null, tables: ["x_task"] }, migrations))).toBe("STORE_SCHEMA_FOREIGN");
});
