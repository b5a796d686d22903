import { parseQueryText } from "@millrace/http";
import { expect, it } from "vitest";
import { onlyValue, quoted, termsOf, withOnly, withoutTerm, withTerm } from "./query-text.ts";
import { suggestionsAt } from "./suggestions.ts";

const world = { kinds: ["billing.charge", "media.resize"], hosts: ["api-1"], tags: ["eu west"], schedules: [] };

it("cuts a query where the server cuts it", () => {
  const text = 'kind:billing.* -state:failed payload.a:"two words" "free word" word';
  expect(termsOf(text).map(({ at, text: term }) => [at, term.length])).toEqual(
    parseQueryText(text).map(({ at, length }) => [at, length]),
  );
  expect(termsOf(text).map(({ field, isNegated }) => [field, isNegated])).toEqual([
    ["kind", false],
    ["state", true],
    ["payload.a", false],
    [null, false],
    [null, false],
  ]);
});

it("survives what is half typed", () => {
  for (const text of ['"', '-"', "kind:", ":", "-", 'a:"x\\', "  "]) expect(() => termsOf(text)).not.toThrow();
});

it("puts terms in and takes them out, and what it writes the server reads", () => {
  expect(withTerm("state:failed", "kind", { value: "a b" })).toBe('state:failed kind:"a b"');
  expect(withTerm("-kind:x", "kind", { value: "x" })).toBe("kind:x");
  expect(withOnly("kind:x state:failed", "state", "queued")).toBe("kind:x state:queued");
  expect(withOnly("state:failed", "state", null)).toBe("");
  expect(withoutTerm("kind:x state:failed", 7)).toBe("kind:x");
  expect([onlyValue("state:failed", "state"), onlyValue("-state:failed", "state")]).toEqual(["failed", null]);
  for (const value of ['say "hi"', "back\\slash", "a,b", "-x", "ü"]) {
    expect(parseQueryText(`tag:${quoted(value)}`)[0]?.values).toEqual([value]);
  }
});

it("suggests fields, then what a field may say", () => {
  expect(suggestionsAt("sta", 3, world).suggestions.map(({ text }) => text)).toEqual(["state:"]);
  expect(suggestionsAt("state:failed kind:re", 20, world)).toMatchObject({
    from: 13,
    suggestions: [{ text: "kind:media.resize " }],
  });
  expect(suggestionsAt("-state:can", 10, world).suggestions.map(({ text }) => text)).toEqual(["-state:cancelled "]);
  expect(suggestionsAt("state:failed,st", 15, world).suggestions[0]?.text).toBe("state:failed,stale ");
  expect(suggestionsAt("tag:e", 5, world).suggestions[0]?.text).toBe('tag:"eu west" ');
});
