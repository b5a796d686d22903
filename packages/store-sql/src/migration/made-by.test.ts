import { expect, it } from "vitest";
import { madeBy } from "./made-by.ts";

const sql = `-- A table; with an index.
create table millrace_a (
  id text -- its name
);
create unique index millrace_a_id on millrace_a (id)
  where id <> '';
create index millrace_a_old on millrace_a (id);
insert into millrace_a values ('x');`;

it("knows what stands once all migrations are applied, and how it is made again", () => {
  const migrations = [
    { version: 1, name: "first", sql },
    { version: 2, name: "second", sql: "drop index millrace_a_old;\nalter table millrace_a add column b text;" },
  ];
  expect(madeBy(migrations, "x_")).toEqual([
    { type: "table", name: "x_a", statement: "create table x_a ( id text )" },
    { type: "index", name: "x_a_id", statement: "create unique index x_a_id on x_a (id) where id <> ''" },
  ]);
});
