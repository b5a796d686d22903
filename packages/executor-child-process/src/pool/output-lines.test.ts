import { describe, expect, it } from "vitest";
import { createOutputLines, createOutputTail } from "./output-lines.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe("createOutputLines", () => {
  const cut = (chunks: readonly Uint8Array[]): readonly string[] => {
    const told: string[] = [];
    const lines = createOutputLines((line) => told.push(line));
    for (const chunk of chunks) lines.push(chunk);
    lines.flush();
    return told;
  };

  it("cuts at line ends of both sorts, keeps empty lines, and tells the unfinished rest at the flush", () => {
    expect(cut([bytes("a\r\n\nb"), bytes("c\nrest")])).toEqual(["a", "", "bc", "rest"]);
  });

  it("keeps a character whole that comes in two chunks", () => {
    const euro = bytes("€\n");
    expect(cut([euro.subarray(0, 1), euro.subarray(1)])).toEqual(["€"]);
  });

  it("tells a line without an end in pieces instead of keeping it", () => {
    const told = cut([bytes("x".repeat(40_000)), bytes(`${"y".repeat(40_000)}\nz`)]);
    expect(told.join("")).toBe(`${"x".repeat(40_000)}${"y".repeat(40_000)}z`);
    expect(Math.max(...told.map(({ length }) => length))).toBeLessThanOrEqual(16_384);
  });
});

describe("createOutputTail", () => {
  it("keeps the last bytes only", () => {
    const tail = createOutputTail(4);
    tail.push(bytes("abc"));
    tail.push(bytes("def"));
    expect(tail.text()).toBe("cdef");
    tail.clear();
    expect(tail.text()).toBe("");
  });
});
