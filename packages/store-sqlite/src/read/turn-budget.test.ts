import { createManualClock, systemClock, type Clock } from "@millrace/models";
import { expect, it } from "vitest";
import { createSqliteTaskStore } from "../create-sqlite-task-store.ts";
import { TurnBudget } from "./turn-budget.ts";

interface TurningClock {
  readonly clock: Clock;
  readonly advance: (ms: number) => void;
  /** Lets the event loop turn. */
  readonly turn: () => void;
}

function turningClock(): TurningClock {
  const manual = createManualClock();
  const waiting: (() => void)[] = [];
  return {
    clock: { ...manual, nextTurn: (run) => void waiting.push(run) },
    advance: manual.advance,
    turn: () => {
      for (const run of waiting.splice(0)) run();
    },
  };
}

it("reads of one turn go on at once for 5 ms; the next waits until the loop has turned, and begins anew", async () => {
  const { clock, advance, turn } = turningClock();
  const budget = new TurnBudget(clock);
  expect(budget.next()).toBeNull();
  advance(4);
  expect(budget.next()).toBeNull();
  advance(1);
  const wait = budget.next();
  expect(wait).not.toBeNull();
  turn();
  await wait;
  expect(budget.next()).toBeNull();
});

it("a read long after the last one finds a turn of its own", () => {
  const { clock, advance, turn } = turningClock();
  const budget = new TurnBudget(clock);
  expect(budget.next()).toBeNull();
  turn();
  advance(1_000);
  expect(budget.next()).toBeNull();
});

it("a clock without turns holds up nobody", () => {
  const clock = createManualClock();
  const budget = new TurnBudget(clock);
  for (let n = 0; n < 3; n += 1) {
    expect(budget.next()).toBeNull();
    clock.advance(10);
  }
});

it("whoever reads page after page leaves turns to others", async () => {
  let reading = 0;
  const store = createSqliteTaskStore({ path: ":memory:", clock: { ...systemClock, monotonic: () => (reading += 1) } });
  await store.read({});
  let turns = 0;
  let isDone = false;
  const turn = (): void => {
    turns += 1;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  for (let page = 0; page < 100; page += 1) await store.read({});
  isDone = true;
  expect(turns).toBeGreaterThan(10);
  await store.close();
});
