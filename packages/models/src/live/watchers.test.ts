import { expect, it } from "vitest";
import { createWatchers } from "./watchers.ts";

// Wakes come in a microtask that was queued before this one's.
const turn = (): Promise<void> => Promise.resolve();

it("watchers are woken after this turn, once for all that was told in it", async () => {
  const watchers = createWatchers();
  let woken = 0;
  watchers.watch(() => (woken += 1));
  watchers.wake();
  watchers.wake();
  expect(woken).toBe(0);
  await turn();
  expect(woken).toBe(1);
  watchers.wake();
  await turn();
  expect(woken).toBe(2);
});

it("each watch of the same function is a watch of its own", async () => {
  const watchers = createWatchers();
  let woken = 0;
  const wake = (): void => void (woken += 1);
  const stop = watchers.watch(wake);
  watchers.watch(wake);
  stop();
  watchers.wake();
  await turn();
  expect(woken).toBe(1);
  watchers.clear();
  watchers.wake();
  await turn();
  expect(woken).toBe(1);
});

it("a watcher that throws does not keep the others from waking", async () => {
  const watchers = createWatchers();
  let woken = 0;
  watchers.watch(() => {
    throw new Error("its own affair");
  });
  watchers.watch(() => (woken += 1));
  watchers.wake();
  await turn();
  expect(woken).toBe(1);
});
