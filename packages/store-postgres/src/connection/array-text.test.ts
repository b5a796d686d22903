import { Client } from "pg";
import { expect, inject, it } from "vitest";
import { arrayText, isArrayOfElements } from "./array-text.ts";

it("a list comes back from the server as it was, whatever its texts hold", async () => {
  const client = new Client({ connectionString: inject("postgresUrl") });
  await client.connect();
  const texts = ["", "NULL", "null", "{}", "a,b", 'say "a\\b"', "\\", "\n\t ", "é𝄞", null, '{"n":1,"p":"\\u0000"}'];
  const { rows } = await client.query("select $1::text[] as texts, $2::integer[] as numbers, $3::boolean[] as truths", [
    arrayText(texts),
    arrayText([1, -2, null]),
    arrayText([true, false, null]),
  ]);
  await client.end();
  expect(rows).toEqual([{ texts, numbers: [1, -2, null], truths: [true, false, null] }]);
});

it("only a list of what stands for itself is written so", () => {
  expect([[], ["a", 1, true, null]].map(isArrayOfElements)).toEqual([true, true]);
  expect(["a", null, [["a"]], [new Date(0)], [Buffer.of(1)]].map(isArrayOfElements)).toEqual(
    Array.from({ length: 5 }, () => false),
  );
});
