import { expect, it } from "vitest";
import { turn } from "../testing/live-world.ts";
import { createGate } from "./create-gate.ts";

it("lets so many in at once, in the order they came, also after one that failed", async () => {
  const gate = createGate(2);
  const doors = Array.from({ length: 5 }, () => Promise.withResolvers<number>());
  const entered: number[] = [];
  const jobs = doors.map(({ promise }, index) =>
    gate(() => {
      entered.push(index);
      return promise;
    }).catch(() => -1),
  );
  await turn();
  expect(entered).toEqual([0, 1]);
  doors[0]?.reject(new Error("failed"));
  doors[1]?.resolve(1);
  await turn();
  expect(entered).toEqual([0, 1, 2, 3]);
  for (const [index, door] of doors.entries()) door.resolve(index);
  expect(await Promise.all(jobs)).toEqual([-1, 1, 2, 3, 4]);
});
