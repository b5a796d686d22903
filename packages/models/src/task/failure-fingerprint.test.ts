import { describe, expect, it } from "vitest";
import { failureFingerprint } from "./failure-fingerprint.ts";

const stack = (line: string): string =>
  `Error: x\n    at node:internal/process/task_queues:95:5\n    at q (/a/node_modules/pg/x.js:1:2)\n${line}`;

describe("failureFingerprint", () => {
  it("is short, and the same for messages that differ only in values", () => {
    const key = failureFingerprint({ name: "E", message: 'row 17 of "a" is missing' }, "k");
    expect(key).toMatch(/^[0-9a-f]{16}$/);
    expect(failureFingerprint({ name: "E", message: 'row 1,234.5 of "bcd" is missing' }, "k")).toBe(key);
    const id = failureFingerprint(
      { name: "E", message: "no 0190a1b2-0000-7000-8000-00000000abcd at 0xff in deadbeef01" },
      "k",
    );
    expect(
      failureFingerprint({ name: "E", message: "no 0190ffff-1111-7000-8000-0000000012cd at 0x1 in 0badcafe77" }, "k"),
    ).toBe(id);
  });

  it("differs by kind, name, code and words", () => {
    const keys = [
      failureFingerprint({ name: "E", message: "m" }, "k"),
      failureFingerprint({ name: "E", message: "m" }, "other"),
      failureFingerprint({ name: "F", message: "m" }, "k"),
      failureFingerprint({ name: "E", message: "m", code: "C" }, "k"),
      failureFingerprint({ name: "E", message: "n" }, "k"),
      failureFingerprint({ name: "E", message: "m", stack: stack("    at load (/a/b/task.ts:10:3)") }, "k"),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("looks at the first own frame without lines and folders, in both engines' forms", () => {
    const at = (line: string): string => failureFingerprint({ name: "E", message: "m", stack: stack(line) }, "k");
    const key = at("    at load (/a/b/task.ts:10:3)");
    expect(at("    at load (file:///elsewhere/task.ts:99:1)")).toBe(key);
    expect(at("    at load (C:\\build\\task.ts:99:1)")).toBe(key);
    expect(at("load@/x/task.ts:4:5")).toBe(key);
    expect(at("    at save (/a/b/task.ts:10:3)")).not.toBe(key);
    expect(at("    at /a/b/task.ts:10:3")).not.toBe(key);
  });

  it("never changes: groups of stored failures would fall apart", () => {
    expect(failureFingerprint({ name: "Error", message: "boom" }, "report.generate")).toMatchInlineSnapshot(
      `"ee1a96cb1a9e094a"`,
    );
  });
});
