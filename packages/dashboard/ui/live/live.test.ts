import type { TaskLifecycleEvent } from "@millrace/models";
import type { TaskLiveTracker } from "@millrace/tracker";
import { describe, expect, it } from "vitest";
import type { ListedTask, ShownTask, TaskPage } from "../api/answers.ts";
import { mustReadAgain, patchedPage, patchedTask } from "./apply-news.ts";
import { createLiveFeed, type FeedNews, type LiveFeed } from "./live-feed.ts";

interface Bench {
  readonly feed: LiveFeed;
  readonly news: FeedNews[];
  readonly tracker: TaskLiveTracker;
  tell(version: number): void;
  wait(ms: number): void;
  /** For how long the timers of now were set. */
  readonly set: readonly number[];
  /** Lets all timers run out. */
  later(): void;
}

function feedBench(): Bench {
  let tracker: TaskLiveTracker | null = null;
  const timers: (() => void)[] = [];
  let set: number[] = [];
  let now = 1_000;
  const feed = createLiveFeed({
    connect(followed) {
      tracker = followed.tracker;
      return () => {};
    },
    now: () => now,
    after: (ms, run) => (set.push(ms), timers.push(run), () => {}),
  });
  const news: FeedNews[] = [];
  feed.onNews((one) => news.push(one));
  if (tracker === null) throw new Error("it did not connect");
  const own: TaskLiveTracker = tracker;
  own.setStatus("live");
  own.apply({ type: "bootstrap", query: {}, snapshots: [], steps: {}, aggregate: null, cursor: "0", timestamp: "" });
  return {
    feed,
    news,
    tracker: own,
    tell: (version) =>
      own.apply({
        type: "event",
        event: eventOf(version),
        matches: true,
        cursor: String(version),
        timestamp: "",
      }),
    wait: (ms) => void (now += ms),
    get set() {
      return set;
    },
    later() {
      set = [];
      timers.splice(0).forEach((run) => run());
    },
  };
}

function eventOf(version: number, event = "progress"): TaskLifecycleEvent {
  return {
    event,
    taskId: "t",
    version,
    step: null,
    snapshot: { id: "t", version, state: "running", failure: null },
  } as unknown as TaskLifecycleEvent;
}

describe("the feed", () => {
  it("gathers what comes together, and tells it once", () => {
    const { news, tell, later } = feedBench();
    later();
    expect(news).toEqual([]);
    tell(1);
    tell(2);
    later();
    expect(news).toEqual([{ type: "events", events: [eventOf(1), eventOf(2)] }]);
  });

  it("tells what comes after a quiet time at once, and then only so often", () => {
    const bench = feedBench();
    bench.later();
    expect(bench.set).toEqual([]);
    bench.tell(1);
    bench.tell(2);
    expect(bench.set).toEqual([250]);
    bench.later();
    bench.wait(300);
    bench.tell(3);
    expect(bench.set).toEqual([0]);
  });

  it("a flood changes the state that is shown no more often than the page", () => {
    const { feed, tell, later } = feedBench();
    later();
    let changes = 0;
    feed.onState(() => (changes += 1));
    for (let version = 1; version <= 300; version += 1) tell(version);
    expect(changes).toBe(0);
    later();
    expect([changes, feed.getState().heardAt]).toEqual([1, 1_000]);
  });

  it("counts while it is paused, tells nothing, and has everything read again after it", () => {
    const { feed, news, tell, later } = feedBench();
    feed.pause();
    tell(1);
    tell(2);
    later();
    expect([news, feed.getState()]).toMatchObject([[], { status: "paused", waiting: 2, pausedAt: 1_000 }]);
    feed.resume();
    later();
    expect(news).toEqual([{ type: "refresh" }]);
    expect(feed.getState()).toMatchObject({ status: "live", waiting: 0, pausedAt: null });
  });

  it("keeps nothing for a page that nobody sees, and has it read again when it is seen", () => {
    const { feed, news, tell, later } = feedBench();
    feed.setSeen(false);
    for (let version = 1; version <= 2_000; version += 1) tell(version);
    later();
    expect(news).toEqual([]);
    feed.setSeen(true);
    later();
    expect(news).toEqual([{ type: "refresh" }]);
  });

  it("has everything read again when more comes than is worth telling, and after a gap", () => {
    const { news, tracker, tell, later } = feedBench();
    for (let version = 1; version <= 600; version += 1) tell(version);
    later();
    tracker.apply({ type: "resync", why: "overflow", timestamp: "" });
    later();
    expect(news).toEqual([{ type: "refresh" }, { type: "refresh" }]);
  });

  it("counts how often it tries to come back, and says when it is over", () => {
    const { feed, tracker } = feedBench();
    tracker.setStatus("reconnecting");
    expect(feed.getState()).toMatchObject({ status: "reconnecting", tries: 1 });
    tracker.setStatus("live");
    expect(feed.getState()).toMatchObject({ status: "live", tries: 0 });
    tracker.apply({
      type: "end",
      code: "REQUEST_FORBIDDEN",
      message: "no",
      fix: "",
      path: null,
      retryable: false,
      timestamp: "",
    });
    expect(feed.getState()).toMatchObject({ status: "ended", endedBy: "no" });
  });
});

describe("an event", () => {
  const row = { id: "t", version: 5, state: "queued", can: ["cancel"] } as unknown as ListedTask;
  const page: TaskPage = { tasks: [row], next: null, searched: null };

  it("brings a row up to date where it is newer, and leaves the page as it is where it is not", () => {
    expect(patchedPage(page, [eventOf(5)])).toBe(page);
    expect(patchedPage(page, [eventOf(6)]).tasks[0]).toMatchObject({ version: 6, state: "running", can: ["cancel"] });
  });

  it("keeps the values of a task, and says when they must be read again", () => {
    const task = { id: "t", version: 5, input: { a: 1 } } as unknown as ShownTask;
    expect(patchedTask(task, [eventOf(6), eventOf(4)])).toMatchObject({ version: 6, input: { a: 1 } });
    expect([mustReadAgain(task, [eventOf(6)]), mustReadAgain(task, [eventOf(6, "succeeded")])]).toEqual([false, true]);
  });
});
