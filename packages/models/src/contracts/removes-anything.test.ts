import { expect, it } from "vitest";
import { removesAnything } from "./removes-anything.ts";

it("a policy removes something where a rule for tasks or steps is on, be it 0", () => {
  expect(removesAnything({ successTtlMs: 0 })).toBe(true);
  expect(removesAnything({ failedTtlMs: null, stepLimitPerTask: 200 })).toBe(true);
  expect(removesAnything({ failedTtlMs: null, journalKeepMs: 5 })).toBe(false);
  expect(removesAnything({})).toBe(false);
});
