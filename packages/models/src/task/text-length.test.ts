import { describe, expect, it } from "vitest";
import { byteLength, truncateBytes } from "./text-length.ts";

const texts = ["", "abc", "ü", "€", "𝄞", "a𝄞b", "\u0000", "\ud800", "\ud800x", "\udc00", "x".repeat(100), "👩‍👩‍👧"];

describe("byteLength", () => {
  it.each(texts)("counts UTF-8 bytes as the platform writes them: %j", (text) => {
    expect(byteLength(text)).toBe(new TextEncoder().encode(text).length);
  });
});

describe("truncateBytes", () => {
  it("leaves what fits", () => {
    expect(truncateBytes("abc", 3)).toBe("abc");
    expect(truncateBytes("abc", 100)).toBe("abc");
  });

  it("never exceeds the bound and never breaks a character", () => {
    for (const text of ["ü".repeat(50), "𝄞".repeat(50), "a€".repeat(50)]) {
      for (let bytes = 3; bytes < 40; bytes += 1) {
        const cut = truncateBytes(text, bytes);
        expect(byteLength(cut)).toBeLessThanOrEqual(bytes);
        expect(cut.endsWith("…")).toBe(true);
        expect(text.startsWith(cut.slice(0, -1))).toBe(true);
        expect(cut.isWellFormed()).toBe(true);
      }
    }
  });
});
