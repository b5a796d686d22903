import { describe, expect, it } from "vitest";
import { judge } from "./judge.ts";
import type { Suite } from "./suite.ts";

const suite = (targets: Suite["targets"]): Suite => ({ name: "s", title: "S", method: "m", variants: {}, targets });

describe("judge", () => {
  it("divides round by round before it takes the middle", () => {
    const measured = { ours: [{ perSecond: 20 }, { perSecond: 90 }], theirs: [{ perSecond: 10 }, { perSecond: 30 }] };
    const [verdict] = judge(
      suite([{ label: "r", of: "ours.perSecond", per: "theirs.perSecond", atLeast: 2.5 }]),
      measured,
    );
    expect(verdict).toMatchObject({ value: { median: 2.5, min: 2, max: 3 }, met: true });
  });

  it("adds a measured figure to an upper bound", () => {
    const measured = { ours: [{ p50Ms: 1.5 }], raw: [{ commitMs: 0.2 }] };
    const target = { label: "l", of: "ours.p50Ms", atMost: 1, plus: { figure: "raw.commitMs", times: 2 } };
    expect(judge(suite([target]), measured)[0]).toMatchObject({ met: false, bound: "≤ 1.4" });
  });

  it("does not judge what was left out on this machine", () => {
    const targets = [{ label: "r", of: "ours.perSecond", per: "theirs.perSecond", atLeast: 2 }];
    expect(judge(suite(targets), { ours: [{ perSecond: 20 }], theirs: [] })).toEqual([]);
  });

  it("refuses a figure that nobody measured", () => {
    expect(() => judge(suite([{ label: "x", of: "ours.none", atLeast: 1 }]), { ours: [{}] })).toThrow(/ours\.none/);
  });
});
