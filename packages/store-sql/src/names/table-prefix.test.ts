import { isTaskError } from "@millrace/models";
import { expect, it } from "vitest";
import { checkName, withTablePrefix } from "./table-prefix.ts";

it("R60: takes plain identifiers", () => {
  for (const name of ["a", "_", "millrace_", "tenant_7_", `a${"b".repeat(40)}`]) {
    expect(checkName("tablePrefix", name)).toBe(name);
  }
});

it("R60: refuses whatever could end an identifier or hide in one", () => {
  const hostile = [
    "",
    "1a",
    "A_",
    "a b",
    'a"',
    "a'",
    "a;drop table task;--",
    "a.b",
    "a%",
    "a$",
    "a\u0000",
    "ä",
    `a${"b".repeat(41)}`,
    null,
    7,
    {},
  ];
  for (const name of hostile) {
    const error = ((): unknown => {
      try {
        return checkName("tablePrefix", name);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(isTaskError(error, "NAME_INVALID"), JSON.stringify(name)).toBe(true);
  }
});

it("puts another prefix into the text of a migration", () => {
  expect(
    withTablePrefix("create table millrace_task (a); create index millrace_task_a on millrace_task (a)", "x_"),
  ).toBe("create table x_task (a); create index x_task_a on x_task (a)");
});
