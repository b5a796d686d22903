import { isTaskError } from "@millrace/models";
import { expect, it } from "vitest";
import { flagOption, invalidOption, wholeOption } from "./check-option.ts";

function refusedPath(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return isTaskError(error, "OPTION_INVALID") ? error.details : error;
  }
}

it("a flag is true, false or left out", () => {
  expect([flagOption("migrate", true, false), flagOption("migrate", undefined, true)]).toEqual([true, true]);
  for (const value of ["true", 1, null]) {
    expect(refusedPath(() => flagOption("migrate", value, true))).toEqual({ path: "migrate" });
  }
});

it("a whole number keeps to its least", () => {
  const bounds = { least: 2, usual: 5 };
  expect([wholeOption("n", 2, bounds), wholeOption("n", undefined, bounds)]).toEqual([2, 5]);
  for (const value of [1, 2.5, Number.NaN, "3", null]) {
    expect(refusedPath(() => wholeOption("n", value, bounds))).toEqual({ path: "n" });
  }
});

it("a refusal begins with the option's path", () => {
  expect(invalidOption("path", "must be the path of a file").message).toMatch(/^path must be the path of a file\./);
});
