import { expect, it } from "vitest";
import * as models from "./index.ts";

it("the package exports every value by name, and its silent logger says nothing", () => {
  for (const [name, value] of Object.entries(models)) expect([name, value === undefined]).toEqual([name, false]);
  const { debug, info, warn, error } = models.silentLogger;
  expect([debug("x"), info("x"), warn("x"), error("x")]).toEqual([undefined, undefined, undefined, undefined]);
});
