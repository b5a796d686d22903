import { expect, it } from "vitest";
import { createFollower } from "./create-follower.ts";

/** Work that ends when it is told to. */
function aJob(): { readonly work: () => Promise<void>; readonly runs: PromiseWithResolvers<void>[] } {
  const runs: PromiseWithResolvers<void>[] = [];
  return {
    runs,
    work: () => {
      const run = Promise.withResolvers<void>();
      runs.push(run);
      return run.promise;
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

it("runs once at a time, and once more for whatever was asked for meanwhile", async () => {
  const { work, runs } = aJob();
  const ask = createFollower(work);
  for (let n = 0; n < 3; n += 1) ask();
  expect(runs).toHaveLength(1);
  runs[0]?.resolve();
  await turn();
  expect(runs).toHaveLength(2);
  runs[1]?.resolve();
  await turn();
  expect(runs).toHaveLength(2);
});

it("leaves what failed to the sweeps, and works again when it is asked the next time", async () => {
  const { work, runs } = aJob();
  const ask = createFollower(work);
  ask();
  ask();
  runs[0]?.reject(new Error("the database is away"));
  await turn();
  expect(runs).toHaveLength(1);
  ask();
  expect(runs).toHaveLength(2);
});
