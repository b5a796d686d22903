import { describe, expect, it } from "vitest";
import { taskStatuses } from "../task/task-status.ts";
import { legalMoves } from "./legal-moves.ts";

describe("the table of moves", () => {
  it("has M1 to M20 and M6b, each once, in order", () => {
    const numbers = Array.from({ length: 20 }, (_, index) => `M${index + 1}`);
    expect(legalMoves.map(({ id }) => id)).toEqual(numbers.toSpliced(6, 0, "M6b"));
  });

  it("leads to every status, and from every status but the successful one", () => {
    expect(new Set(legalMoves.flatMap(({ to }) => to))).toEqual(new Set(taskStatuses));
    expect(new Set(legalMoves.flatMap(({ from }) => from))).toEqual(
      new Set(taskStatuses.filter((status) => status !== "succeeded")),
    );
  });

  it("says of each move who makes it and on what condition", () => {
    for (const { guard, who } of legalMoves) {
      expect(guard).not.toBe("");
      expect(who).not.toBe("");
    }
  });
});
