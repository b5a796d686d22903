import { describe, expect, it } from "vitest";
import { ansiParts } from "./ansi-parts.ts";
import { coarseText, durationText, relativeText, roughText } from "./durations.ts";
import { jsonLines } from "./json-lines.ts";
import { atLeastText, countText, percentText, plural, sizeText } from "./numbers.ts";
import { frameGroups, stackParts } from "./stack-frames.ts";
import { lineText, middleText, shortId } from "./texts.ts";
import { absoluteText, clockText, isoText, zoneName } from "./times.ts";

it("counts are exact below 10,000, then short", () => {
  expect([0, 9_999, 10_000, 12_400, 999_499, 1_240_000, 12_000_000].map(countText)).toEqual([
    "0",
    "9,999",
    "10k",
    "12.4k",
    "999k",
    "1.24M",
    "12M",
  ]);
  expect(atLeastText({ count: 10_000, exact: false })).toBe("10k+");
  expect([0, 0.004, 0.18, 1].map(percentText)).toEqual(["0%", "0.4%", "18%", "100%"]);
  expect([999, 1_000, 3_145_728].map(sizeText)).toEqual(["999 B", "1 kB", "3.15 MB"]);
  expect([plural(1, "task"), plural(2, "task")]).toEqual(["1 task", "2 tasks"]);
});

it("durations have two units at most, and are never below nothing", () => {
  expect([0, 0.4, 84, 1_240, 59_999, 192_000, 3_600_000, 90_061_000, -5].map(durationText)).toEqual([
    "0ms",
    "<1ms",
    "84ms",
    "1.2s",
    "59s",
    "3m 12s",
    "1h",
    "1d 1h",
    "0ms",
  ]);
  expect(durationText(null)).toBe("—");
  expect([relativeText(0, 125_000), relativeText(125_000, 0), relativeText(5, 0)]).toEqual(["2m ago", "in 2m", "now"]);
  expect([relativeText(0, 1_000), relativeText(1_999, 0), relativeText(2_000, 0)]).toEqual(["1s ago", "now", "in 2s"]);
  expect(coarseText(90_000_000)).toBe("1d");
  expect([4_000, 72_000, 600_000].map(roughText)).toEqual(["a few seconds", "70s", "10 min"]);
});

it("times follow the zone, and say the day when it is another one", () => {
  const at = Date.UTC(2026, 10, 21, 23, 30, 5);
  expect(clockText(at, "UTC", at)).toBe("23:30:05");
  expect(clockText(at, "UTC", at + 3_600_000)).toBe("21 Nov 23:30:05");
  expect(absoluteText(at, "Europe/Berlin")).toBe("Sun, 22 Nov 2026, 00:30:05 CET");
  expect([isoText(at), isoText(Number.NaN), zoneName("UTC", at)]).toEqual(["2026-11-21T23:30:05.000Z", "", "UTC"]);
});

describe("hostile text", () => {
  it("S8: shows half characters, controls and turns of direction as signs", () => {
    expect(lineText("a\ud800b\u0000\u001b[31m\u202e\r")).toBe("a\ufffdb␀␛[31m‹U+202E›⏎");
    expect(lineText("x".repeat(3_000), 10)).toBe("xxxxxxxxxx… +2,990");
  });

  it("keeps both ends of what is too long", () => {
    expect([shortId("0190a1b2-0000-7000-8000-00000000abcd"), shortId("short")]).toEqual(["0190…bcd", "short"]);
    expect(middleText("a-very-long-name-of-a-kind", 11)).toBe("a-ver…-kind");
    expect(middleText("😀😀😀😀😀", 3)).toBe("😀…😀");
  });

  it("reads colours of a terminal and drops its orders", () => {
    const parts = ansiParts(
      "\u001b[1;31merror\u001b[0m plain\u001b[2J\u001b]0;title\u0007\u001b]8;;http://x\u001b\\link",
    );
    expect(parts.map(({ text, tone, isBold }) => `${isBold ? "*" : ""}${tone}:${text}`)).toEqual([
      "*bad:error",
      "plain: plain",
      "plain:link",
    ]);
    expect(ansiParts("\u001b".repeat(5_000))).toEqual([]);
  });
});

describe("jsonLines", () => {
  it("lays a value out with sorted keys and paths", () => {
    const { lines, isCut } = jsonLines({ b: [1, "x"], a: null, "c d": {} });
    expect(lines.map(({ text, depth }) => "  ".repeat(depth) + text)).toEqual([
      "{",
      '  "a": null,',
      '  "b": [',
      "    1,",
      '    "x"',
      "  ],",
      '  "c d": {}',
      "}",
    ]);
    expect(lines.map(({ path }) => path)).toContain('$["c d"]');
    expect(isCut).toBe(false);
  });

  it("S8: bounds what is deep, long or many, and changes no prototype", () => {
    let deep: unknown = "end";
    for (let at = 0; at < 5_000; at += 1) deep = [deep];
    expect(jsonLines(deep).lines.length).toBeLessThan(200);
    const { lines, isCut } = jsonLines(Array.from({ length: 100_000 }, (_, index) => index));
    expect([lines.length, isCut]).toEqual([20_000, true]);
    expect(jsonLines("y".repeat(3_000_000)).lines[0]?.text).toMatch(/^"y{5000}"… \+2,995,000 characters$/);
    const proto: unknown = JSON.parse('{"__proto__":{"polluted":true}}');
    expect(jsonLines(proto).lines.map(({ text }) => text)).toContain('"__proto__": {');
    expect("polluted" in {}).toBe(false);
  });
});

it("a stack has its own frames apart from those of libraries", () => {
  const { head, frames } = stackParts(
    "Error: hang up\n    at charge (/app/src/pay.ts:41:11)\n    at q (/app/node_modules/pg/x.js:1:2)\n    at node:internal/timers:1:1",
  );
  expect(head).toBe("Error: hang up");
  expect(frameGroups(frames).map((group) => [group[0]?.isOwn, group.length])).toEqual([
    [true, 1],
    [false, 2],
  ]);
  expect(stackParts("just words").frames).toEqual([]);
});
