import { describe, expect, it } from "vitest";
import { parseWithSchema } from "./parse-with-schema.ts";
import type { SchemaResult, StandardSchema } from "./standard-schema.ts";

const schemaOf = <Output>(
  validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>,
): StandardSchema<unknown, Output> => ({ "~standard": { version: 1, vendor: "test", validate } });

describe("parseWithSchema", () => {
  it("answers at once with the converted value when the schema is synchronous", () => {
    const answer = parseWithSchema(
      schemaOf((value) => ({ value: String(value) })),
      5,
    );
    expect(answer).toEqual({ status: "parsed", value: "5" });
  });

  it("answers by a promise when the schema does", async () => {
    const answer = parseWithSchema(
      schemaOf((value) => Promise.resolve({ value })),
      5,
    );
    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toEqual({ status: "parsed", value: 5 });
  });

  it("takes every falsy value as a value", () => {
    for (const value of [0, "", false, null, undefined]) {
      expect(
        parseWithSchema(
          schemaOf((given) => ({ value: given })),
          value,
        ),
      ).toEqual({ status: "parsed", value });
    }
  });

  it("gives issues with dotted paths", async () => {
    const issues = [
      { message: "whole" },
      { message: "empty", path: [] },
      { message: "deep", path: ["rows", 3, { key: "when" }, Symbol("s"), { key: 0 }] },
    ];
    const expected = {
      status: "refused",
      issues: [
        { path: "", message: "whole" },
        { path: "", message: "empty" },
        { path: "rows[3].when.Symbol(s)[0]", message: "deep" },
      ],
    };
    expect(
      parseWithSchema(
        schemaOf(() => ({ issues })),
        1,
      ),
    ).toEqual(expected);
    expect(
      await parseWithSchema(
        schemaOf(() => Promise.resolve({ issues })),
        1,
      ),
    ).toEqual(expected);
  });

  it("takes a schema that throws or rejects as a refusal", async () => {
    const issues = [{ path: "", message: "the schema threw: broken" }];
    const broken = new Error("broken");
    expect(
      parseWithSchema(
        schemaOf(() => {
          throw broken;
        }),
        1,
      ),
    ).toEqual({ status: "refused", issues });
    expect(
      await parseWithSchema(
        schemaOf(() => Promise.reject(broken)),
        1,
      ),
    ).toEqual({ status: "refused", issues });
  });
});
