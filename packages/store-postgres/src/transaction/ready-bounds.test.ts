import { beforeEach, describe, expect, it } from "vitest";
import { type ClaimOutcome, ReadyBounds } from "./ready-bounds.ts";

const now = 1_000_000;
let time = 0;
let bounds = new ReadyBounds(() => time);

beforeEach(() => {
  time = 0;
  bounds = new ReadyBounds(() => time);
});

function claim(
  change: Partial<ClaimOutcome> & { readonly at?: number; readonly priority?: number; readonly n?: number } = {},
): void {
  const { at = now - 5_000, priority = 0, n = 1_000, ...rest } = change;
  const taken = Array.from({ length: n }, () => ({ kind: "a", priority, scheduledAt: at }));
  const begun = bounds.begin(["a"]);
  bounds.end(begun, { kinds: ["a"], taken, isShort: false, now, tookMs: 1, ...rest });
}

const rangesOf = (): readonly string[] | null =>
  bounds.begin(["a"]).ranges?.map(({ high, low, from }) => `${high}..${low} from ${Math.max(from, 0)}`) ?? null;

describe("ReadyBounds", () => {
  it("knows nothing at first, and nothing after a few tasks", () => {
    expect(rangesOf()).toBeNull();
    claim({ n: 999 });
    expect(rangesOf()).toBeNull();
  });

  it("bounds the priorities that were taken, each by itself, and none between them", () => {
    claim({ priority: 5, at: now - 3_000 });
    claim({ priority: 2, at: now - 4_000 });
    expect(rangesOf()).toEqual([
      "32767..6 from 0",
      `5..5 from ${now - 3_000}`,
      "4..3 from 0",
      `2..2 from ${now - 4_000}`,
      "1..-32768 from 0",
    ]);
  });

  it("keeps away from the present, where a commit may still be on its way", () => {
    claim({ at: now });
    expect(rangesOf()).toContain(`0..0 from ${now - 200}`);
  });

  it("looks at everything once a second, and less often when that takes long", () => {
    claim();
    time = 1_000;
    expect(rangesOf()).toBeNull();
    claim({ tookMs: 100 });
    time = 2_999;
    expect(rangesOf()).not.toBeNull();
    time = 3_000;
    expect(rangesOf()).toBeNull();
  });

  it("forgets what it knows when a claim finds less than it asked for", () => {
    claim();
    claim({ isShort: true, n: 0 });
    expect(rangesOf()).toBeNull();
  });

  it("keeps it when a look at everything was slow: that is a head full of dead rows", () => {
    claim({ isShort: true, n: 1, tookMs: 30 });
    expect(rangesOf()).toContain(`0..0 from ${now - 5_000}`);
  });

  it("never hides a task that this process lets in, before or while a claim runs", () => {
    claim();
    bounds.admit(now - 5_001, now);
    expect(rangesOf()).toBeNull();
    const begun = bounds.begin(["a"]);
    bounds.admit(now - 6_000, now);
    const taken = Array.from({ length: 1_000 }, () => ({ kind: "a", priority: 0, scheduledAt: now - 5_000 }));
    bounds.end(begun, { kinds: ["a"], taken, isShort: false, now, tookMs: 1 });
    expect(rangesOf()).toBeNull();
  });

  it("does not mind a task that is let in behind the bound", () => {
    claim();
    bounds.admit(now - 4_000, now);
    expect(rangesOf()).not.toBeNull();
  });

  it("bounds one kind and leaves another whole", () => {
    claim();
    expect(bounds.begin(["a", "b"]).ranges?.filter(({ kind }) => kind === "b")).toEqual([
      { kind: "b", high: 32_767, low: -32_768, from: Number.MIN_SAFE_INTEGER },
    ]);
  });
});
