import { expect, it } from "vitest";
import { defineTask, defineTaskHandler } from "./task-definition.ts";

it("R5: defineTask and defineTaskHandler return what they were given", () => {
  const definition = { kind: "k", run: () => 1 };
  expect(defineTask(definition)).toBe(definition);
  const handler = { run: () => 1 };
  expect(defineTaskHandler(handler)).toBe(handler);
});
