import { TaskError, type CancelTimer, type Clock } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { stressStartStop, type Startable } from "./stress-start-stop.ts";

/** What may be wrong with a subject. */
type Flaw = "none" | "leaks a timer" | "hangs" | "new promise" | "wrong error" | "stays running" | "unhandled";

class Subject implements Startable {
  isRunning = false;
  readonly #clock: Clock;
  readonly #flaw: Flaw;
  #cancel: CancelTimer = () => {};
  #underWay: { readonly name: "start" | "stop"; readonly promise: Promise<void> } | null = null;

  constructor(clock: Clock, flaw: Flaw) {
    this.#clock = clock;
    this.#flaw = flaw;
  }

  start(): Promise<void> {
    return this.#once("start", async () => {
      if (this.isRunning) return;
      if (this.#flaw === "wrong error") throw new TypeError("not again");
      await this.#wait(50);
      this.isRunning = true;
      if (this.#flaw === "unhandled") void Promise.reject(new Error("forgotten"));
      this.#tick();
    });
  }

  stop(): Promise<void> {
    return this.#once("stop", async () => {
      if (!this.isRunning) return;
      if (this.#flaw === "hangs") await new Promise(() => {});
      if (this.#flaw !== "leaks a timer") this.#cancel();
      await this.#wait(200);
      this.isRunning = this.#flaw === "stays running";
    });
  }

  #once(name: "start" | "stop", run: () => Promise<void>): Promise<void> {
    const before = this.#underWay;
    if (before?.name === name && this.#flaw !== "new promise") return before.promise;
    if (before && name === "start") return Promise.reject(new TaskError("HOST_STATE_INVALID", "It is stopping."));
    const promise = (before?.promise ?? Promise.resolve()).then(run).finally(() => {
      if (this.#underWay?.promise === promise) this.#underWay = null;
    });
    this.#underWay = { name, promise };
    return promise;
  }

  #tick(): void {
    this.#cancel = this.#clock.after(1_000, () => this.#tick());
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(ms, resolve));
  }
}

function stress(flaw: Flaw): Promise<void> {
  return stressStartStop({
    create: ({ clock }) => new Subject(clock, flaw),
    isRunning: (subject) => subject.isRunning,
    seed: 11,
    runs: 20,
  });
}

describe("stressStartStop", () => {
  it("R1: lets a subject pass that starts and stops well", async () => {
    await stress("none");
  });

  it.each<[Flaw, RegExp]>([
    ["leaks a timer", /left a timer/],
    ["hangs", /never settle/],
    ["new promise", /another promise/],
    ["wrong error", /start failed: TypeError/],
    ["stays running", /still runs/],
    ["unhandled", /left unhandled: Error: forgotten/],
  ])("finds a subject that %s, and says seed and calls", async (flaw, words) => {
    const error = await stress(flaw).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(words);
    expect(String(error)).toMatch(/Run \d+ of seed 11 broke[^]*Its calls: (start|stop)/);
  });
});
