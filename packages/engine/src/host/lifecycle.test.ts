import { describe, expect, it } from "vitest";
import { createLifecycle, type HostLife, type StopOptions } from "./lifecycle.ts";

interface Recorded extends HostLife {
  readonly calls: string[];
  open(): void;
}

/** A life whose begin and end wait to be opened when `gated`. */
function record(gated = false, failing = false) {
  const calls: string[] = [];
  const gates: (() => void)[] = [];
  const pass = (): Promise<void> => (gated ? new Promise((resolve) => void gates.push(resolve)) : Promise.resolve());
  const life: HostLife = {
    async begin() {
      calls.push("begin");
      await pass();
      if (failing) throw new Error("no store");
      calls.push("begun");
    },
    async end(options: StopOptions) {
      calls.push(options.kill === true ? "end killed" : "end");
      await pass();
      calls.push("ended");
    },
    hurry: () => void calls.push("hurry"),
  };
  return { calls, life, open: () => gates.shift()?.() } satisfies Pick<Recorded, "calls" | "open"> & { life: HostLife };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the life of a host", () => {
  it("R1: goes idle, running, stopping, stopped, and may run again", async () => {
    const { life, calls, open } = record(true);
    const host = createLifecycle(() => life);
    expect(host.state).toBe("idle");
    const started = host.start();
    expect(host.state).toBe("running");
    open();
    await started;
    const stopped = host.stop();
    expect(host.state).toBe("stopping");
    await turn();
    open();
    await stopped;
    expect(host.state).toBe("stopped");
    const again = host.start();
    expect(host.state).toBe("running");
    open();
    await again;
    expect(calls).toEqual(["begin", "begun", "end", "ended", "begin", "begun"]);
  });

  it("R1: a second start is the first, and a second stop the first", async () => {
    const { life, calls } = record();
    const host = createLifecycle(() => life);
    const start = host.start();
    expect(host.start()).toBe(start);
    await start;
    expect(host.start()).toBe(start);
    const stop = host.stop();
    expect(host.stop()).toBe(stop);
    await stop;
    expect(calls).toEqual(["begin", "begun", "end", "ended"]);
  });

  it("R1: a start while it stops comes after the stop", async () => {
    const { life, calls } = record();
    const host = createLifecycle(() => life);
    await host.start();
    const stop = host.stop();
    const starts = [host.start(), host.start()];
    await Promise.all([stop, ...starts]);
    expect(host.state).toBe("running");
    expect(calls).toEqual(["begin", "begun", "end", "ended", "begin", "begun"]);
  });

  it("R1: the last word counts: a stop takes back a start that still waits for the stop before", async () => {
    const { life, calls } = record();
    const host = createLifecycle(() => life);
    await host.start();
    const stop = host.stop();
    const start = host.start();
    expect(host.stop()).toBe(stop);
    await expect(start).rejects.toMatchObject({ code: "HOST_STOPPING" });
    expect(host.state).toBe("stopped");
    expect(calls).toEqual(["begin", "begun", "end", "ended"]);
  });

  it("a stop while it starts lets it start first", async () => {
    const { life, calls, open } = record(true);
    const host = createLifecycle(() => life);
    const started = host.start();
    const stopped = host.stop();
    await turn();
    expect(calls).toEqual(["begin"]);
    open();
    await started;
    await turn();
    open();
    await stopped;
    expect(calls).toEqual(["begin", "begun", "end", "ended"]);
  });

  it("a start that fails leaves the host as it was, ready for another", async () => {
    const lives = [record(false, true), record()];
    const host = createLifecycle(() => (lives.shift() ?? record()).life);
    await expect(host.start()).rejects.toThrow("no store");
    expect(host.state).toBe("idle");
    await host.start();
    expect(host.state).toBe("running");
  });

  it("a stop of a host that never ran does nothing", async () => {
    const { life, calls } = record();
    const host = createLifecycle(() => life);
    await host.stop();
    expect(host.state).toBe("idle");
    expect(calls).toEqual([]);
  });

  it("a second signal hurries the stop under way", async () => {
    const { life, calls, open } = record(true);
    const host = createLifecycle(() => life);
    const started = host.start();
    open();
    await started;
    const stopped = host.stop();
    void host.stop({ kill: true });
    await turn();
    open();
    await stopped;
    expect(calls).toContain("hurry");
  });
});
