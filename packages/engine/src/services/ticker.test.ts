import { createManualClock, createSeededRandom } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { startTicker, type TickerOptions } from "./ticker.ts";

/** Lets promises that are ready go on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function aTicker(fields: Partial<TickerOptions> = {}) {
  const clock = createManualClock();
  let runs = 0;
  const errors: unknown[] = [];
  const ticker = startTicker({
    clock,
    random: createSeededRandom(1),
    intervalMs: 100,
    job: async () => void (runs += 1),
    onError: (error) => void errors.push(error),
    ...fields,
  });
  return { clock, ticker, errors, runs: () => runs };
}

describe("a ticker", () => {
  it("runs its job about every interval, never outside ± 20 %", async () => {
    const { clock, runs } = aTicker();
    for (let n = 1; n <= 20; n += 1) {
      const next = clock.nextTimerInMs();
      expect(next).toBeGreaterThanOrEqual(80);
      expect(next).toBeLessThanOrEqual(120);
      clock.advance(next ?? 0);
      await turn();
      expect(runs()).toBe(n);
    }
  });

  it("never runs twice at once, also when it is poked", async () => {
    let open: () => void = () => {};
    let begun = 0;
    const { clock, ticker } = aTicker({
      job: () => {
        begun += 1;
        return new Promise<void>((resolve) => (open = resolve));
      },
    });
    clock.advance(120);
    ticker.poke();
    clock.advance(10_000);
    expect(begun).toBe(1);
    open();
    await turn();
    expect(begun).toBe(2);
    open();
    await ticker.stop();
  });

  it("T57: goes on after a throw", async () => {
    let begun = 0;
    const { clock, errors, ticker } = aTicker({
      job: async () => {
        begun += 1;
        throw new Error("no");
      },
    });
    for (let n = 0; n < 3; n += 1) {
      clock.advance(120);
      await turn();
    }
    expect(begun).toBe(3);
    expect(errors).toHaveLength(3);
    await ticker.stop();
  });

  it("stops with its last run, and leaves no timer", async () => {
    let open: () => void = () => {};
    const { clock, ticker } = aTicker({ job: () => new Promise<void>((resolve) => (open = resolve)) });
    clock.advance(120);
    let stopped = false;
    const stopping = ticker.stop().then(() => (stopped = true));
    await turn();
    expect(stopped).toBe(false);
    open();
    await stopping;
    ticker.poke();
    expect(clock.nextTimerInMs()).toBeNull();
  });
});
