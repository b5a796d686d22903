import {
  createManualClock,
  createSeededRandom,
  silentLogger,
  TaskError,
  type LeaseAnswer,
  type LeasedSettlement,
} from "@millrace/models";
import { describe, expect, it } from "vitest";
import { gate, turn } from "../testing/host-bench.ts";
import { createSettleQueue, type SettleQueue } from "./settle-queue.ts";
import { createStoreTrouble } from "./store-trouble.ts";

const held = (version: number): LeaseAnswer => ({ status: "held", version, next: "succeeded" });

function aSettlement(taskId: string): LeasedSettlement {
  return { taskId, attempt: 1, leaseToken: "t", started: true, settlement: { type: "succeed", output: null } };
}

function aQueue(settle: (batch: readonly LeasedSettlement[]) => Promise<readonly LeaseAnswer[]>, batchSize = 200) {
  const clock = createManualClock();
  const random = createSeededRandom(1);
  const trouble = createStoreTrouble({ clock, random, logger: silentLogger, doing: "settling" });
  return { clock, queue: createSettleQueue({ store: { settle }, clock, trouble, batchSize }) };
}

function answerOf(queue: SettleQueue, taskId: string): Promise<LeaseAnswer | null> {
  return new Promise((resolve) => queue.add(aSettlement(taskId), resolve));
}

describe("the settle queue", () => {
  it("sends one settlement at once, what comes meanwhile together, and answers each its own", async () => {
    const batches: string[][] = [];
    const open = gate();
    const { queue } = aQueue(async (batch) => {
      batches.push(batch.map(({ taskId }) => taskId));
      if (batches.length === 1) await open.opened;
      return batch.map((_, index) => held(index));
    });
    const first = answerOf(queue, "a");
    await turn();
    const rest = ["b", "c", "d"].map((id) => answerOf(queue, id));
    await turn();
    expect(batches).toEqual([["a"]]);
    open.open();
    expect(await first).toMatchObject({ version: 0 });
    expect((await Promise.all(rest)).map((answer) => answer && "version" in answer && answer.version)).toEqual([
      0, 1, 2,
    ]);
    expect(batches).toEqual([["a"], ["b", "c", "d"]]);
  });

  it("sends no more in one call than the store takes best", async () => {
    const sizes: number[] = [];
    const { queue } = aQueue(async (batch) => {
      sizes.push(batch.length);
      return batch.map(() => held(1));
    }, 3);
    await Promise.all(["a", "b", "c", "d", "e", "f", "g"].map((id) => answerOf(queue, id)));
    expect(sizes).toEqual([3, 3, 1]);
  });

  it("T44, F58: keeps what the store did not take, and sends it again until it does", async () => {
    let calls = 0;
    const { clock, queue } = aQueue(async (batch) => {
      calls += 1;
      if (calls <= 5) throw new TaskError("STORE_UNAVAILABLE", "away");
      return batch.map(() => held(3));
    });
    const answer = answerOf(queue, "a");
    for (let n = 0; n < 20 && queue.size > 0; n += 1) {
      await turn();
      clock.advance(5_000);
    }
    expect(await answer).toEqual(held(3));
    expect(calls).toBe(6);
  });

  it("lets one the store chokes on hold up no other", async () => {
    const { clock, queue } = aQueue(async (batch) => {
      if (batch.some(({ taskId }) => taskId === "bad")) throw new TaskError("INTERNAL", "choked");
      return batch.map(() => held(1));
    });
    let badEnded = false;
    void answerOf(queue, "bad").then(() => (badEnded = true));
    const others = ["b", "c", "d"].map((id) => answerOf(queue, id));
    for (let n = 0; n < 20 && queue.size > 1; n += 1) {
      await turn();
      clock.advance(5_000);
    }
    expect(await Promise.all(others)).toEqual([held(1), held(1), held(1)]);
    expect(badEnded).toBe(false);
    queue.close();
    await turn();
    expect(badEnded).toBe(true);
  });

  it("gives up what is left when it is closed, and takes nothing more", async () => {
    const { clock, queue } = aQueue(async () => {
      throw new TaskError("STORE_UNAVAILABLE", "away");
    });
    const answer = answerOf(queue, "a");
    await turn();
    queue.close();
    expect(await answer).toBeNull();
    expect(await answerOf(queue, "b")).toBeNull();
    await queue.whenEmpty();
    expect(clock.nextTimerInMs()).toBeNull();
  });
});
