import { createManualClock, type ActivityAnswer, type ActivityQuery } from "@millrace/models";
import { expect, it } from "vitest";
import { createActivityBook } from "./activity-book.ts";

const minuteMs = 60_000;

it("R44: remembers what it was told, asks only for what came since, and forgets what a gap cuts off", async () => {
  const clock = createManualClock();
  const begun = clock.now();
  const asked: number[] = [];
  let answer: (query: ActivityQuery) => ActivityAnswer = ({ from }) => ({ counts: [], knownFrom: from });
  const client = {
    async readActivity(query: ActivityQuery) {
      asked.push((query.from - begun) / minuteMs);
      return answer(query);
    },
  };
  const book = createActivityBook(client, {}, clock);
  const one = (at: number, count: number) => ({ at, kind: "a", type: "succeeded", count }) as const;
  answer = () => ({ counts: [one(begun - minuteMs, 5), one(begun, 1)], knownFrom: begun - 10 * minuteMs });
  expect((await book.read())?.knownFrom).toBe(begun - 10 * minuteMs);
  clock.advance(3 * minuteMs);
  answer = ({ from }) => ({ counts: [one(begun, 2), one(begun + 2 * minuteMs, 7)], knownFrom: from });
  // The minute that was not over when it was first looked at is told anew.
  expect((await book.read())?.counts.map(({ count }) => count)).toEqual([2, 7]);
  expect(asked).toEqual([-1_440, -1]);
  clock.advance(minuteMs);
  answer = () => ({ counts: [one(begun + 4 * minuteMs, 9)], knownFrom: begun + 3.5 * minuteMs });
  expect(await book.read()).toEqual({ counts: [one(begun + 4 * minuteMs, 9)], knownFrom: begun + 3.5 * minuteMs });
});
