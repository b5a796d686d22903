import { describe, expect, it } from "vitest";
import { createTaskId, isTaskId } from "./task-id.ts";

// The generator is one per process and never goes back: times here lie in the far future, each test later than the last.
const future = Date.UTC(2100, 0, 1);

describe("createTaskId", () => {
  it("makes version 7 UUIDs of the RFC 9562 variant that carry their time", () => {
    const id = createTaskId(future);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(future);
    expect(isTaskId(id)).toBe(true);
  });

  it("sorts by the time ids were made, also 20,000 of one millisecond", () => {
    const ids = Array.from({ length: 20_000 }, () => createTaskId(future + 10));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
    expect(createTaskId(future + 1_000) > (ids.at(-1) ?? "")).toBe(true);
  });

  it("keeps growing when the wall clock steps back", () => {
    const before = createTaskId(future + 2_000);
    const after = Array.from({ length: 10 }, () => createTaskId(future - 3_600_000));
    expect([before, ...after].toSorted()).toEqual([before, ...after]);
  });

  it("draws fresh random bits for every id", () => {
    const tails = Array.from({ length: 1_000 }, () => createTaskId(future + 3_000).slice(19));
    expect(new Set(tails).size).toBe(1_000);
    const bits = tails.map((tail) => Number.parseInt(tail.slice(-1), 16));
    expect(new Set(bits).size).toBe(16);
  });
});

describe("isTaskId", () => {
  it("takes lower-case UUIDs of any version and nothing else", () => {
    expect(isTaskId("00000000-0000-0000-0000-000000000000")).toBe(true);
    expect(isTaskId("9b2f6c1e-7f0a-4c39-8d2e-0123456789ab")).toBe(true);
    for (const value of [
      "9B2F6C1E-7F0A-4C39-8D2E-0123456789AB",
      "9b2f6c1e7f0a4c398d2e0123456789ab",
      " 9b2f6c1e-7f0a-4c39-8d2e-0123456789ab",
      "9b2f6c1e-7f0a-4c39-8d2e-0123456789ab\n",
      "report:42",
      "",
      42,
      null,
      undefined,
    ]) {
      expect(isTaskId(value)).toBe(false);
    }
  });
});
