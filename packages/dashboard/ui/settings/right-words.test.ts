import { expect, it } from "vitest";
import { rightWords } from "./right-words.ts";

it("says what rights let somebody do", () => {
  const rights = ["health", "read", "read-audit", "drain", "set-limit", "retry", "replace-input", "pause-schedule"];
  expect(rightWords(rights)).toBe(
    "read, retry, replace input tasks; pause schedules; health, read audit, drain hosts, set limit",
  );
  expect(rightWords(["cancel"])).toBe("cancel tasks");
  expect(rightWords([])).toBe("");
});
