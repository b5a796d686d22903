import { expect, it } from "vitest";
import { __EXPORT__ } from "./index.ts";

it("can be imported by its name", () => {
  expect(__EXPORT__()).toBe("__NAME__");
});
