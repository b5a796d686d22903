import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contrast, distance, rgbOf, seenBy, type Rgb } from "./colours.ts";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
const blocks = [...css.matchAll(/:root(?:\[[^\]]+\])? \{([^}]*)\}/g)].map(([, body = ""]) =>
  Object.fromEntries(
    [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", hex = ""]) => [name, rgbOf(hex)]),
  ),
);
const themes = { light: blocks[0] ?? {}, dark: blocks[1] ?? {} };
const surfaces = ["surface", "bg", "surface-2", "surface-3"];
const texts = ["text", "text-2", "text-3", "accent", "run", "ok", "warn", "bad", "idle"];
const marks = ["run-mark", "ok-mark", "warn-mark", "bad-mark", "idle-mark"];

describe.each(Object.entries(themes))("the %s theme", (name, theme) => {
  const colour = (token: string): Rgb => {
    const found = theme[token];
    if (!found) throw new Error(`the ${name} theme has no ${token}`);
    return found;
  };
  const worst = (tokens: readonly string[], grounds: readonly string[]): number =>
    Math.min(...tokens.flatMap((token) => grounds.map((ground) => contrast(colour(token), colour(ground)))));

  it("has every text at 4.5 and every mark at 3 on every surface", () => {
    expect(worst(texts, surfaces)).toBeGreaterThanOrEqual(4.5);
    expect(worst(marks, surfaces)).toBeGreaterThanOrEqual(3);
  });

  it("has every tone readable on its own soft ground, and the outline of a field visible", () => {
    for (const tone of ["run", "ok", "warn", "bad", "idle", "accent"]) {
      expect(contrast(colour(tone), colour(`${tone}-soft`))).toBeGreaterThanOrEqual(4.5);
    }
    expect(worst(["border-strong"], ["surface", "bg"])).toBeGreaterThanOrEqual(3);
    expect(contrast(colour("danger-fill"), [1, 1, 1])).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour("text"), colour("surface"))).toBeGreaterThanOrEqual(7);
  });

  it("keeps failed, succeeded and warning apart for every eye", () => {
    const pairs = [
      ["bad-mark", "ok-mark"],
      ["ok-mark", "warn-mark"],
      ["warn-mark", "bad-mark"],
    ] as const;
    for (const eyes of ["all", "deuteranopia", "protanopia"] as const) {
      for (const [one, other] of pairs) {
        expect(
          distance(seenBy(eyes, colour(one)), seenBy(eyes, colour(other))),
          `${one} and ${other}, ${eyes}`,
        ).toBeGreaterThan(0.1);
      }
    }
  });

  it("would not pass with a grass green and a tomato red", () => {
    const far = distance(seenBy("deuteranopia", rgbOf("#4caf50")), seenBy("deuteranopia", rgbOf("#e57373")));
    expect(far).toBeLessThan(0.1);
  });
});
