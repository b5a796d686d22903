import { describe, expect, it } from "vitest";
import { toJsonDetails } from "./json-details.ts";

describe("toJsonDetails", () => {
  it.each<[unknown, unknown]>([
    ["text", "text"],
    [1.5, 1.5],
    [Number.NaN, "NaN"],
    [true, true],
    [12n, "12"],
    [Symbol("s"), "Symbol(s)"],
    [undefined, undefined],
    [() => 1, undefined],
    [null, null],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Date(Number.NaN), "Invalid Date"],
    [new Error("x"), "Error: x"],
    [new Uint8Array(3), "[3 bytes]"],
    [new Set([1, undefined]), [1, null]],
    [new Map([[{}, 1]]), { "[object Object]": 1 }],
    [{ a: undefined, b: () => 1, c: [() => 1] }, { c: [null] }],
  ])("shows %s", (value, shown) => {
    expect(toJsonDetails(value)).toEqual(shown);
  });

  it("leaves a __proto__ key out, cuts depth and marks what cannot be read", () => {
    expect(toJsonDetails(JSON.parse('{"__proto__":{"x":1},"a":1}'))).toEqual({ a: 1 });
    let deep: unknown = 1;
    for (let index = 0; index < 8; index += 1) deep = index % 2 ? [deep] : { deep };
    expect(JSON.stringify(toJsonDetails(deep))).toContain("[array]");
    expect(JSON.stringify(toJsonDetails([deep]))).toContain("[object]");
    const broken = Object.defineProperty({}, "bad", {
      enumerable: true,
      get() {
        throw new Error("no");
      },
    });
    expect(toJsonDetails(broken)).toEqual({ bad: "[unreadable]" });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(toJsonDetails({ proxy })).toEqual({ proxy: "[unreadable]" });
  });

  it("stops after five hundred parts and says how many it left out", () => {
    const list = toJsonDetails(Array.from({ length: 600 }, (_, index) => index)) as unknown[];
    expect(list).toHaveLength(501);
    expect(list.at(-1)).toBe("[100 more]");
    const object = toJsonDetails(Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`k${index}`, 1])));
    expect(object).toMatchObject({ "…": "[100 more]" });
  });
});
