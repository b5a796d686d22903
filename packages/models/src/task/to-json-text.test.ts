import { assert, jsonValue, pre, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { fromJsonText } from "./from-json-text.ts";
import { toJsonText } from "./to-json-text.ts";

const path = "input";

describe("toJsonText", () => {
  it("Q6: writes 0, false, empty text and null as values", () => {
    for (const value of [0, false, "", null]) {
      expect(toJsonText(value, { path })).toEqual({ text: JSON.stringify(value) });
    }
  });

  it("writes a Date as its ISO text, leaves undefined fields out and asks toJSON", () => {
    const value = {
      at: new Date(0),
      gone: undefined,
      url: new URL("https://example.org/a"),
      big: { toJSON: () => "7" },
    };
    expect(toJsonText(value, { path })).toEqual({
      text: '{"at":"1970-01-01T00:00:00.000Z","url":"https://example.org/a","big":"7"}',
    });
  });

  it("writes plain fields of class instances, objects without a prototype and empty objects", () => {
    class Point {
      readonly x = 1;
    }
    expect(toJsonText([new Point(), Object.create(null), {}], { path })).toEqual({ text: '[{"x":1},{},{}]' });
  });

  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  class Empty {
    #hidden = 1;
    peek(): number {
      return this.#hidden;
    }
  }
  const Anonymous = [class extends Empty {}][0] ?? Empty;
  it.each<[string, unknown, string, RegExp]>([
    ["undefined", undefined, "input", /undefined/],
    ["undefined in an array", { rows: [1, undefined] }, "input.rows[1]", /undefined/],
    ["a hole", [1, , 2], "input[1]", /undefined/], // oxlint-disable-line no-sparse-arrays
    ["a function", { run: () => 1 }, "input.run", /function/],
    ["a symbol", [Symbol("s")], "input[0]", /symbol/],
    ["a BigInt", { id: 1n }, "input.id", /BigInt/],
    ["NaN", { n: Number.NaN }, "input.n", /NaN/],
    ["Infinity", [Number.NEGATIVE_INFINITY], "input[0]", /Infinity/],
    ["a cycle", cyclic, "input.self", /contains itself/],
    ["a Map", { map: new Map([[1, 2]]) }, "input.map", /Map/],
    ["a Set", new Set(), "input", /Set/],
    ["an Error", { error: new Error("x") }, "input.error", /Error/],
    ["bytes", { data: new Uint8Array(2) }, "input.data", /bytes/],
    ["a Buffer", Buffer.from("x"), "input", /bytes/],
    ["a RegExp", /x/, "input", /RegExp/],
    ["a Promise", Promise.resolve(1), "input", /Promise/],
    ["an empty class instance", new Empty(), "input", /Empty/],
    ["an anonymous class instance", new Anonymous(), "input", /class instance/],
    ["an invalid Date", new Date(Number.NaN), "input", /invalid Date/],
    ["a __proto__ key", JSON.parse('{"a":{"__proto__":1}}'), "input.a.__proto__", /other objects/],
    ["a toJSON that gives a function", { toJSON: () => () => 1 }, "input", /function/],
    [
      "a toJSON that gives itself",
      {
        toJSON() {
          return this;
        },
      },
      "input",
      /contains itself/,
    ],
    [
      "a getter that throws",
      {
        get bad(): string {
          throw new Error("locked");
        },
      },
      "input",
      /locked/,
    ],
  ])("refuses %s and says where", (...[, value, where, why]) => {
    expect(toJsonText(value, { path })).toEqual({ problem: { path: where, why: expect.stringMatching(why) } });
  });

  it("allows 64 levels and the same object twice, refuses 65", () => {
    const nest = (levels: number): unknown => {
      let value: unknown = 1;
      for (let index = 0; index < levels; index += 1) value = [value];
      return value;
    };
    const twice = { a: 1 };
    expect(toJsonText(nest(64), { path })).toHaveProperty("text");
    expect(toJsonText(nest(65), { path })).toHaveProperty("problem.why", "is nested deeper than 64 levels");
    expect(toJsonText([twice, twice], { path })).toHaveProperty("text");
  });

  it("has no JSON form for a toJSON that changes its mind", () => {
    let asked = 0;
    expect(toJsonText({ toJSON: () => (asked++ === 0 ? 1 : undefined) }, { path })).toHaveProperty("problem");
  });

  it("an empty object of another realm is plain", async () => {
    const { runInNewContext } = await import("node:vm");
    expect(toJsonText(runInNewContext("({})"), { path })).toEqual({ text: "{}" });
  });

  it("reads back what it wrote, lone surrogates and NUL included", () => {
    assert(
      property(jsonValue({ maxDepth: 3 }), string(), (json, key) => {
        pre(!JSON.stringify(json).includes("__proto__") && key !== "__proto__");
        const value = { [key]: json, odd: "\ud800\u0000\u2028𝄞" };
        const answer = toJsonText(value, { path });
        const text = "text" in answer ? answer.text : "";
        expect(fromJsonText(text, { path })).toEqual({ value: JSON.parse(JSON.stringify(value)) });
      }),
      { numRuns: 40 },
    );
  });
});

describe("fromJsonText", () => {
  it("reads any JSON and never throws", () => {
    expect(fromJsonText('{"a":[1,null]}', { path })).toEqual({ value: { a: [1, null] } });
    expect(fromJsonText('"\\u0041 __proto__"', { path })).toEqual({ value: "A __proto__" });
    for (const text of ["", "undefined", "{", "[1,]"]) {
      expect(fromJsonText(text, { path })).toEqual({ problem: { path, why: "is no JSON" } });
    }
  });

  it.each(['{"__proto__":{"admin":true}}', '[{"a":{"\\u005f_proto__":1}}]'])("refuses %s", (text) => {
    expect(fromJsonText(text, { path })).toEqual({ problem: { path, why: "has a key __proto__" } });
  });
});
