import type { TaskStep } from "@millrace/models";
import { describe, expect, it } from "vitest";
import type { Attempt, ShownTask } from "../api/answers.ts";
import { asCurl, asEnqueue, asTest } from "./copy-as.ts";
import { linkParts } from "./log-text.ts";
import { timeLeft } from "./time-left.ts";
import { momentAt, placeOn, timelineOf, zoomTo } from "./timeline-layout.ts";
import { whatHappened } from "./what-happened.ts";

const aTask = (fields: object = {}): ShownTask =>
  ({
    id: "t",
    kind: "work",
    status: "failed",
    state: "failed",
    createdAt: 0,
    scheduledAt: 0,
    claimedAt: 200_000,
    startedAt: 200_000,
    finishedAt: 201_000,
    updatedAt: 201_000,
    attempt: 2,
    failure: { name: "Error", message: "no" },
    reason: "TASK_FAILED",
    wakeAt: null,
    lastSignAt: null,
    cancelledBy: null,
    cancelReason: null,
    priority: 0,
    tags: [],
    actions: { can: ["retry"], cannot: {} },
    ...fields,
  }) as unknown as ShownTask;
const anAttempt = {
  attempt: 1,
  claimedAt: 100,
  startedAt: 100,
  endedAt: 1_100,
  outcome: "retried",
  endedAs: "queued",
} as unknown as Attempt;
const aStep = (n: number, at: number, level = "info"): TaskStep =>
  ({ id: `1.${n}`, attempt: 1, n, at, level, kind: "log", message: `step ${n}` }) as unknown as TaskStep;

describe("a timeline", () => {
  it("has waits, attempts and their steps in order, and folds what is long and empty", () => {
    const { rows, scale } = timelineOf({
      task: aTask(),
      attempts: [anAttempt],
      steps: [aStep(1, 100), aStep(2, 600, "error")],
      now: 300_000,
      zoom: null,
    });
    expect(rows.map(({ label, from, to, outcome }) => [label, from, to, outcome])).toEqual([
      ["Queued", 0, 100, "idle"],
      ["Attempt 1", 100, 1_100, "bad"],
      ["step 1", 100, 600, "idle"],
      ["step 2", 600, 1_100, "bad"],
      ["Waited", 1_100, 200_000, "idle"],
      ["Attempt 2", 200_000, 201_000, "bad"],
    ]);
    expect(scale.map(({ isFolded }) => isFolded)).toEqual([false, false, true, false]);
    expect(scale.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(1);
    expect([placeOn(scale, 0), placeOn(scale, 201_000), placeOn(scale, -5)]).toEqual([0, expect.closeTo(1), 0]);
  });

  it("of a task that has not begun, runs, or waits for its retry, is open at its end", () => {
    const queued = aTask({
      status: "queued",
      state: "queued",
      attempt: 0,
      claimedAt: null,
      startedAt: null,
      finishedAt: null,
    });
    expect(timelineOf({ task: queued, attempts: [], steps: [], now: 500, zoom: null }).rows).toMatchObject([
      { label: "Queued", to: 500, isOpen: true },
    ]);
    const running = aTask({ status: "running", state: "running", finishedAt: null, attempt: 1 });
    expect(timelineOf({ task: running, attempts: [], steps: [], now: 250_000, zoom: null }).rows.at(-1)).toMatchObject({
      to: 250_000,
      isOpen: true,
      outcome: "run",
    });
    const retrying = aTask({ status: "queued", state: "retrying", finishedAt: null, scheduledAt: 900_000 });
    expect(timelineOf({ task: retrying, attempts: [], steps: [], now: 250_000, zoom: null }).rows.at(-1)).toMatchObject(
      {
        label: "Until its retry",
        to: 900_000,
      },
    );
  });

  it("shows a span of it on its own scale, with what lies in it", () => {
    const parts = { task: aTask(), attempts: [anAttempt], steps: [aStep(1, 100), aStep(2, 600)], now: 300_000 };
    const zoom = { from: 500, to: 1_100 };
    const { rows, scale, span, whole } = timelineOf({ ...parts, zoom });
    expect(rows.map(({ label }) => label)).toEqual(["Attempt 1", "step 1", "step 2"]);
    expect([span, whole]).toEqual([zoom, { from: 0, to: 201_000 }]);
    expect([placeOn(scale, 100), placeOn(scale, 800), placeOn(scale, 1_100)]).toEqual([0, 0.5, 1]);
    const all = timelineOf({ ...parts, zoom: null }).scale;
    for (const at of [0, 100, 700, 150_000, 200_500, 201_000])
      expect(momentAt(all, placeOn(all, at))).toBeCloseTo(at, 3);
  });

  it("a span stays within the whole, is whole milliseconds long, and is none when nothing is left out", () => {
    const whole = { from: 100, to: 1_100 };
    expect(zoomTo({ from: 200.4, to: 200.5 }, whole)).toEqual({ from: 200, to: 201 });
    expect(zoomTo({ from: -400, to: 100 }, whole)).toEqual({ from: 100, to: 600 });
    expect(zoomTo({ from: 900, to: 1_400 }, whole)).toEqual({ from: 600, to: 1_100 });
    expect(zoomTo({ from: -1, to: 2_000 }, whole)).toBe(null);
  });

  it("bounds how many steps it draws", () => {
    const steps = Array.from({ length: 500 }, (_, n) => aStep(n, 100 + n));
    const { rows, hiddenSteps } = timelineOf({ task: aTask(), attempts: [anAttempt], steps, now: 0, zoom: null });
    expect([rows.length < 60, hiddenSteps]).toEqual([true, 460]);
  });
});

it("says why a task is where it is, and what may be done", () => {
  expect(whatHappened(aTask(), null, 0)).toMatchObject({
    tone: "bad",
    text: "Failed for good after 2 attempts. Error: no",
  });
  const waiting = aTask({ state: "queued", status: "queued" });
  const explanation = { text: "No live host serves work.", reasons: [{ code: "no-host" }] } as never;
  expect(whatHappened(waiting, explanation, 0)).toMatchObject({
    tone: "idle",
    text: "No live host serves work.",
    next: expect.stringContaining("Start a host"),
  });
  const cancelled = aTask({ state: "cancelled", cancelledBy: "ada", cancelReason: "no need" });
  expect(whatHappened(cancelled, null, 0).text).toBe("Cancelled by ada: no need.");
});

it("tells the time left only once it is known, and nothing when it is not true any more", () => {
  const at = (percent: number | null, now: number) => timeLeft({ percent, startedAt: 0, updatedAt: 10_000 }, now);
  expect([at(null, 10_000), at(5, 10_000), at(50, 4_000), at(50, 10_000), at(50, 60_000), at(100, 10_000)]).toEqual([
    null,
    null,
    null,
    "about 10s left",
    null,
    null,
  ]);
});

it("copies as what a shell or a program takes, whatever stands in it", () => {
  expect(asCurl("https://x/'$(id)'")).toBe(String.raw`curl --fail --silent 'https://x/'\''$(id)'\'''`);
  expect(asEnqueue(aTask({ input: { a: "\u2028" }, priority: 3 }))).toBe(
    'await host.enqueue("work", {\n  "a": "\\u2028"\n}, {\n  "priority": 3\n});\n',
  );
  const test = asTest(aTask({ input: 1, failure: { name: "E", message: "a\n*/ b" } }));
  expect(test).toContain("// It failed with E: a */ b\n");
  expect(test).toContain('host.enqueue("work", 1, { maxAttempts: 1 })');
});

it("links addresses of the web and nothing else", () => {
  expect(
    linkParts("see https://a.example/x?y=1, or javascript:alert(1) http://b.example.").map(({ text, href }) => [
      text,
      href,
    ]),
  ).toEqual([
    ["see ", null],
    ["https://a.example/x?y=1", "https://a.example/x?y=1"],
    [", or javascript:alert(1) ", null],
    ["http://b.example", "http://b.example/"],
    [".", null],
  ]);
  expect(linkParts(`http://${"a".repeat(5_000)}`).length).toBeGreaterThan(0);
});
