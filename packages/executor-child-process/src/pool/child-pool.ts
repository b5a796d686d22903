import type { Clock, LogLine, Logger } from "@millrace/models";
import { startChild, type Child } from "../child/start-child.ts";
import { restartDelayMs } from "./restart-delay.ts";
import type { StartPlan } from "./start-plan.ts";

/** A child that was taken from the pool; it must be given back. */
export interface TakenChild {
  readonly child: Child;
  /** Whether it has run something before. */
  readonly isUsed: boolean;
  /** Unique over the runs of this child. */
  readonly call: number;
  /** Gives it back: to be used again, or, `discard`, to be ended. */
  giveBack(how: "reuse" | "discard"): void;
  /** It died in our hands: the next starts of its sort have to wait when that goes on. */
  died(): void;
}

/** Children by sort of runtime, at most `size` at once. */
export interface ChildPool {
  /**
   * Waits for a child; null when `signal` aborts first or the pool closes.
   * @throws `CHILD_START_FAILED`
   */
  take(plan: StartPlan, options: { readonly alone: boolean; readonly signal: AbortSignal }): Promise<TakenChild | null>;
  /** Ends the idle ones, refuses new ones, and waits until all are gone; the busy ones are their users' to end. */
  close(): Promise<void>;
}

export interface ChildPoolOptions {
  readonly size: number;
  readonly killGraceMs: number;
  readonly startTimeoutMs: number;
  readonly idleMs: number | null;
  readonly maxRunsPerChild: number | null;
  readonly logger: Logger;
  readonly clock: Clock;
}

interface Idle {
  readonly key: string;
  readonly child: Child;
  readonly runs: number;
  readonly forget: () => void;
}

interface Waiter {
  readonly plan: StartPlan;
  readonly alone: boolean;
  readonly signal: AbortSignal;
  readonly resolve: (taken: TakenChild | null) => void;
  readonly reject: (error: unknown) => void;
}

/** Makes an empty pool. */
export function createChildPool(options: ChildPoolOptions): ChildPool {
  return new Pool(options);
}

class Pool implements ChildPool {
  readonly #options: ChildPoolOptions;
  readonly #idle: Idle[] = [];
  readonly #waiting = new Set<Waiter>();
  readonly #deaths = new Map<string, number>();
  /** Every process that has not ended yet, and every start under way. */
  readonly #ending = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  /** Starting and working ones; with the idle ones never more than `size`. */
  #busy = 0;

  constructor(options: ChildPoolOptions) {
    this.#options = options;
  }

  take(plan: StartPlan, { alone, signal }: { alone: boolean; signal: AbortSignal }): Promise<TakenChild | null> {
    if (this.#closing.signal.aborted || signal.aborted) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiter);
        resolve(null);
      };
      const waiter: Waiter = { plan, alone, signal, resolve, reject };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.add(waiter);
      this.#serve();
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const waiter of this.#waiting) waiter.resolve(null);
    this.#waiting.clear();
    for (const idle of this.#idle.splice(0)) this.#end(idle);
    while (this.#ending.size > 0) await Promise.all(this.#ending);
  }

  /** Gives children to those who wait, in their order; one whose sort is free may overtake. */
  #serve(): void {
    for (const waiter of this.#waiting) {
      const at = waiter.alone ? -1 : this.#idle.findLastIndex(({ key }) => key === waiter.plan.key);
      const [idle] = at === -1 ? [] : this.#idle.splice(at, 1);
      if (idle) {
        this.#waiting.delete(waiter);
        idle.forget();
        this.#busy += 1;
        this.#hand(waiter, idle.child, idle.runs);
      } else if (this.#makeRoom()) {
        this.#waiting.delete(waiter);
        this.#busy += 1;
        this.#track(this.#start(waiter));
      }
    }
  }

  #makeRoom(): boolean {
    if (this.#busy + this.#idle.length < this.#options.size) return true;
    const oldest = this.#idle.shift();
    if (oldest) this.#end(oldest);
    return oldest !== undefined;
  }

  async #start(waiter: Waiter): Promise<void> {
    const { plan } = waiter;
    try {
      await this.#restartDelay(plan.key, waiter.signal);
      if (this.#closing.signal.aborted || waiter.signal.aborted) {
        this.#freeSlot();
        waiter.resolve(null);
        return;
      }
      const child = await startChild({ ...this.#options, plan, write: this.#write });
      this.#track(child.exited);
      this.#hand(waiter, child, 0);
    } catch (error) {
      this.#countDeath(plan.key);
      this.#freeSlot();
      waiter.reject(error);
    }
  }

  #hand(waiter: Waiter, child: Child, runs: number): void {
    const { key } = waiter.plan;
    const taken = this.#taken(key, child, runs);
    if (this.#closing.signal.aborted || waiter.signal.aborted) {
      taken.giveBack("reuse");
      waiter.resolve(null);
      return;
    }
    child.setBusy(true);
    waiter.resolve(taken);
  }

  #taken(key: string, child: Child, runs: number): TakenChild {
    const { maxRunsPerChild } = this.#options;
    return {
      child,
      isUsed: runs > 0,
      call: runs + 1,
      giveBack: (how) => {
        this.#deaths.delete(key);
        const isSpent = child.isTainted() || (maxRunsPerChild !== null && runs + 1 >= maxRunsPerChild);
        child.setOutput(this.#write);
        if (how === "discard" || isSpent || this.#closing.signal.aborted) child.end(this.#options.killGraceMs);
        else this.#rest(key, child, runs + 1);
        this.#freeSlot();
      },
      died: () => {
        this.#countDeath(key);
        this.#freeSlot();
      },
    };
  }

  #rest(key: string, child: Child, runs: number): void {
    const { clock, idleMs } = this.#options;
    if (child.hasExited()) return;
    const idle: Idle = { key, child, runs, forget: () => stops.forEach((stop) => stop()) };
    const leave = (): boolean => {
      const at = this.#idle.indexOf(idle);
      if (at !== -1) this.#idle.splice(at, 1);
      return at !== -1;
    };
    const stops = [child.onExit(leave)];
    if (idleMs !== null) stops.push(clock.after(idleMs, () => leave() && this.#end(idle)));
    this.#idle.push(idle);
    child.setBusy(false);
  }

  #end({ child, forget }: Idle): void {
    forget();
    child.end(this.#options.killGraceMs);
  }

  #freeSlot(): void {
    this.#busy -= 1;
    this.#serve();
  }

  #countDeath(key: string): void {
    this.#deaths.set(key, (this.#deaths.get(key) ?? 0) + 1);
  }

  #restartDelay(key: string, signal: AbortSignal): Promise<void> {
    const delayMs = restartDelayMs(this.#deaths.get(key) ?? 0);
    if (delayMs === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const signals = [signal, this.#closing.signal];
      const end = (): void => {
        cancel();
        for (const one of signals) one.removeEventListener("abort", end);
        resolve();
      };
      const cancel = this.#options.clock.after(delayMs, end);
      for (const one of signals) one.addEventListener("abort", end);
    });
  }

  #track(promise: Promise<unknown>): void {
    this.#ending.add(promise);
    void promise.finally(() => this.#ending.delete(promise));
  }

  readonly #write = ({ level, message, fields }: LogLine): void => this.#options.logger[level](message, fields);
}
