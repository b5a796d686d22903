import { Client } from "pg";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { type Row, type Statement, StatementQuery } from "./statement-query.ts";

const client = new Client({ connectionString: inject("postgresUrl"), pipeline: true });
beforeAll(() => client.connect());
afterAll(() => client.end());

const aStatement = (text: string, name: string | null = null): Statement => ({ text, name, readers: null });

const run = (statement: Statement, values: unknown[] = []): Promise<readonly Row[]> =>
  new Promise((resolve, reject) => void client.query(new StatementQuery(statement, values, { resolve, reject })));

it("reads rows as pg does", async () => {
  const text = `select n, n::bigint, n / 2.0, n % 2 = 0, null::text, 'a''b', array[n, null], jsonb_build_object('n', n), 'null'::jsonb,
    '2020-01-02 03:04:05Z'::timestamptz from generate_series(1, $1::integer) n`;
  const { rows } = await client.query<unknown[]>({ text, values: [3], rowMode: "array" });
  const statement = aStatement(text, "several");
  expect(await run(statement, [3])).toEqual(rows);
  expect(await run(statement, [1])).toEqual(rows.slice(0, 1));
  expect(await run(statement, [0])).toEqual([]);
});

it("answers in order what was sent together, and goes on behind a refusal", async () => {
  const divide = aStatement("select 6 / $1::integer", "divide");
  const answers = await Promise.allSettled([run(divide, [2]), run(divide, [0]), run(divide, [3]), run(aStatement(""))]);
  expect(answers).toMatchObject([
    { status: "fulfilled", value: [[3]] },
    { status: "rejected", reason: { code: "22012" } },
    { status: "fulfilled", value: [[2]] },
    { status: "fulfilled", value: [] },
  ]);
});

it("refuses an answer that cannot be read, and leaves the connection as it is", async () => {
  const readers = [
    () => {
      throw new RangeError("no such thing");
    },
  ];
  await expect(run({ ...aStatement("select n from generate_series(1, 3) n"), readers })).rejects.toThrow("no such");
  expect(await run(aStatement("select 1"))).toEqual([[1]]);
});
