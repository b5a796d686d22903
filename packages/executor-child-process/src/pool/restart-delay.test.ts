import { expect, it } from "vitest";
import { restartDelayMs } from "./restart-delay.ts";

it("lets three deaths in a row pass, then doubles up to ten seconds", () => {
  expect([0, 1, 2, 3, 4, 5, 9, 10, 1_000].map(restartDelayMs)).toEqual([0, 0, 0, 100, 200, 400, 6_400, 10_000, 10_000]);
});
