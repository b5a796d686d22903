import {
  type ClaimAnswer,
  type ClaimedTask,
  type ClaimRequest,
  createManualClock,
  createSeededRandom,
  createTaskId,
  newTask,
  silentLogger,
} from "@millrace/models";
import { aRequest } from "@millrace/conformance";
import { expect, it } from "vitest";
import type { HostDemand } from "../decide/claim-budget.ts";
import { aDemand, aKind } from "../testing/a-demand.ts";
import { turn } from "../testing/host-bench.ts";
import { createClaimLoop } from "./claim-loop.ts";
import { createStoreTrouble } from "./store-trouble.ts";
import { createWakeSignal } from "./wake-signal.ts";

const claimedOf = (kind: string): ClaimedTask => ({
  task: newTask(aRequest({ id: createTaskId(), kind }), 0, 0),
  results: [],
});

/** A loop over a store that answers each claim with tasks of these kinds. */
function aLoop(demand: HostDemand, found: readonly (readonly string[])[], change: Partial<ClaimAnswer> = {}) {
  const clock = createManualClock();
  const random = createSeededRandom(1);
  const requests: ClaimRequest[] = [];
  const wake = createWakeSignal(clock);
  const loop = createClaimLoop({
    store: {
      claim: async (request) => {
        const tasks = (found[requests.length] ?? []).map(claimedOf);
        requests.push(request);
        return { tasks, more: false, suspectsWaiting: false, nextDueInMs: null, ...change };
      },
    },
    clock,
    random,
    wake,
    trouble: createStoreTrouble({ clock, random, logger: silentLogger, doing: "claiming" }),
    pollIntervalMs: 1_000,
    isPaused: () => false,
    demand: () => demand,
    take: () => {},
    drainForSuspects: () => {},
  });
  const after = async (work: () => void): Promise<number> => {
    const before = requests.length;
    work();
    await turn();
    return requests.length - before;
  };
  return { loop, wake, requests, after };
}

it("a place that becomes free leads to no look when the last one found less than there was room for", async () => {
  const { loop, after } = aLoop(aDemand(), [["a"]]);
  expect(await after(() => loop.start())).toBe(1);
  expect(await after(() => loop.freed())).toBe(0);
  await loop.stop();
});

it("a place leads to a look while one kind may have more, although the others have not", async () => {
  const demand = aDemand({ kinds: [aKind(), aKind({ kind: "b", executorFree: 1 })] });
  const { loop, after } = aLoop(demand, [["b"]]);
  await after(() => loop.start());
  expect(await after(() => loop.freed())).toBe(1);
  // Now neither has.
  expect(await after(() => loop.freed())).toBe(0);
  await loop.stop();
});

it("a place leads to a look when a kind was not asked for, or suspects wait for an idle host", async () => {
  const full = aLoop(aDemand({ kinds: [aKind(), aKind({ kind: "b", executorFree: 0 })] }), []);
  await full.after(() => full.loop.start());
  expect(await full.after(() => full.loop.freed())).toBe(1);
  await full.loop.stop();
  const suspects = aLoop(aDemand({ idle: false }), [], { suspectsWaiting: true });
  await suspects.after(() => suspects.loop.start());
  expect(await suspects.after(() => suspects.loop.freed())).toBe(1);
  await suspects.loop.stop();
});

it("who waited expects one task if the last came alone, and as many as there are if they did not, or more are told of", async () => {
  const four = ["a", "a", "a", "a"];
  const { loop, wake, requests, after } = aLoop(aDemand(), [[], ["a"], ["a", "a"], ["a"], four, []]);
  expect(await after(() => loop.start())).toBe(1);
  for (let n = 0; n < 3; n += 1) expect(await after(() => wake.wake())).toBe(1);
  // A full answer is followed by another claim at once, which expects nothing in particular.
  expect(await after(() => wake.wake())).toBe(2);
  expect(await after(() => wake.wake())).toBe(1);
  expect(requests.map(({ expectsOne }) => expectsOne === true)).toEqual([false, true, true, false, true, false, false]);
  await loop.stop();
});
