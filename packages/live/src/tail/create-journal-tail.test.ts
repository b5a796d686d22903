import { createManualClock, silentLogger, type EventPage, type TaskLiveSource } from "@millrace/models";
import { expect, it } from "vitest";
import { turn } from "../testing/live-world.ts";
import { createJournalTail, type TailSink } from "./create-journal-tail.ts";

const aSink = (): TailSink => ({ filter: {}, wantsSteps: false, offer() {}, endPage() {}, lost() {} });

/** A tail whose readings are answered by hand. */
function createBench() {
  const readings: PromiseWithResolvers<EventPage>[] = [];
  const source = {
    readEvents() {
      const reading = Promise.withResolvers<EventPage>();
      readings.push(reading);
      return reading.promise;
    },
    watch: () => () => {},
  } as Partial<TaskLiveSource> as TaskLiveSource;
  const clock = createManualClock();
  const tail = createJournalTail({ source, clock, logger: silentLogger, gatherMs: 0, pollIntervalMs: 1_000 });
  const answer = async (cursor: string, more: boolean): Promise<void> => {
    readings.shift()?.resolve({ status: "events", events: [], cursor, more });
    await turn();
  };
  return { tail, clock, readings, answer };
}

it("lets go of a sink that leaves while its reading is under way, and then reads no more", async () => {
  const { tail, clock, readings, answer } = createBench();
  const sink = aSink();
  let isAttached = false;
  void tail.attach(sink, "c0").then(() => (isAttached = true));
  tail.detach(sink);
  await answer("c1", false);
  clock.advance(60_000);
  await turn();
  expect([isAttached, readings.length, clock.nextTimerInMs()]).toEqual([false, 0, null]);
});

it("attaches a sink only at the end of a reading that was begun after it asked, and whose page was the last", async () => {
  const { tail, answer } = createBench();
  const attached: string[] = [];
  const ask = (name: string): void => void tail.attach(aSink(), "c0").then(() => attached.push(name));
  ask("first");
  ask("late");
  await answer("c1", true);
  expect(attached).toEqual([]);
  ask("while a reading is under way");
  await answer("c2", false);
  expect([attached, tail.cursor]).toEqual([["first", "late"], "c2"]);
  await answer("c3", false);
  expect(attached).toEqual(["first", "late", "while a reading is under way"]);
  tail.close();
});
