import { expect, it } from "vitest";
import { storePostgres } from "./index.ts";

it("can be imported by its name", () => {
  expect(storePostgres()).toBe("@millrace/store-postgres");
});
