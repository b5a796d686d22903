import type { ClaimedTask, ClaimRequest, Clock, Random, TaskStore } from "@millrace/models";
import { claimBudget, type HostDemand } from "../decide/claim-budget.ts";
import { pause } from "./pause.ts";
import type { StoreTrouble } from "./store-trouble.ts";
import type { WakeSignal } from "./wake-signal.ts";

/** Takes tasks from the store for as long as there is room for them. */
export interface ClaimLoop {
  start(): void;
  /** A place has become free here: of use only when the last look may have left something for it. */
  freed(): void;
  /** Ends when no claim is under way any more. */
  stop(): Promise<void>;
}

export interface ClaimLoopPorts {
  readonly store: Pick<TaskStore, "claim">;
  readonly clock: Clock;
  readonly random: Random;
  readonly wake: WakeSignal;
  readonly trouble: StoreTrouble;
  readonly pollIntervalMs: number;
  /** Claims nothing while it says so. */
  isPaused(): boolean;
  demand(): HostDemand;
  /** Takes what a claim brought; `sentAt` is the monotonic time before the claim was sent. */
  take(tasks: readonly ClaimedTask[], sentAt: number): void;
  /** Suspects have waited longer than they should: take nothing else, or no longer. */
  drainForSuspects(on: boolean): void;
}

/** How long suspects may be left before this host makes room for one. */
const suspectPatienceMs = 2_000;
/** How long claims may follow each other without the event loop having its turn. */
const longestTurnMs = 5;
/** A store that says "due now" but gives nothing is not asked in a tight circle. */
const shortestWaitMs = 5;

interface Round {
  /** There may be more at once. */
  readonly again: boolean;
  /** When something falls due; null = unknown. */
  readonly dueInMs: number | null;
}

/** Makes the loop. Claims are one at a time; after an empty one it waits for a wake, for the next due task, or to poll. */
export function createClaimLoop(ports: ClaimLoopPorts): ClaimLoop {
  const { clock, wake, trouble } = ports;
  const stopping = new AbortController();
  let running: Promise<void> | null = null;
  let suspectsSince: number | null = null;
  /** Kinds of which the last claim found less than there was room for: only the store can tell of more. */
  const emptied = new Set<string>();
  let areAllEmptied = false;
  let foundSinceWait = 0;
  let expectsOne = false;

  const noteSuspects = (areWaiting: boolean): void => {
    if (!areWaiting) suspectsSince = null;
    else suspectsSince ??= clock.monotonic();
    const drain = suspectsSince !== null && clock.monotonic() - suspectsSince >= suspectPatienceMs;
    ports.drainForSuspects(drain);
  };

  /** `found` is null when there may be more of each. */
  const noteEmptied = ({ kinds }: ClaimRequest, found: readonly ClaimedTask[] | null): void => {
    const counts = new Map<string, number>();
    for (const { task } of found ?? []) counts.set(task.kind, (counts.get(task.kind) ?? 0) + 1);
    for (const { kind, slots } of kinds) {
      if (found && (counts.get(kind) ?? 0) < slots) emptied.add(kind);
      else emptied.delete(kind);
    }
    areAllEmptied = suspectsSince === null && ports.demand().kinds.every(({ kind }) => emptied.has(kind));
  };

  const claim = async (request: ClaimRequest): Promise<Round> => {
    const sentAt = clock.monotonic();
    const answer = await ports.store.claim(expectsOne ? { ...request, expectsOne } : request);
    trouble.answered();
    foundSinceWait += answer.tasks.length;
    if (request.suspects !== "include") noteSuspects(answer.suspectsWaiting);
    const again = answer.more || answer.tasks.length >= request.limit;
    noteEmptied(request, again ? null : answer.tasks);
    if (answer.tasks.length > 0) ports.take(answer.tasks, sentAt);
    return { again, dueInMs: answer.nextDueInMs };
  };

  const round = async (): Promise<Round> => {
    let again = false;
    let dueInMs: number | null = null;
    for (const group of ["in-process", "isolated"] as const) {
      // Asked anew for each: what the first claim brought takes room.
      const request = stopping.signal.aborted || ports.isPaused() ? null : claimBudget(ports.demand(), group);
      if (!request) continue;
      const found = await claim(request);
      again ||= found.again;
      if (found.dueInMs !== null) dueInMs = Math.min(dueInMs ?? Infinity, found.dueInMs);
    }
    return { again, dueInMs };
  };

  const waitMs = (dueInMs: number | null): number => {
    // Hosts that were started together must not poll together.
    const pollMs = ports.pollIntervalMs * (0.9 + 0.2 * ports.random.next());
    return dueInMs === null ? pollMs : Math.max(shortestWaitMs, Math.min(pollMs, Math.ceil(dueInMs)));
  };

  let sinceGaveWay = clock.monotonic();

  /** A store and handlers that need no I/O would keep timers and sockets from ever having their turn. */
  const giveWay = async (): Promise<void> => {
    if (!clock.nextTurn || clock.monotonic() - sinceGaveWay < longestTurnMs) return;
    await new Promise<void>((resolve) => clock.nextTurn?.(resolve));
    sinceGaveWay = clock.monotonic();
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const { again, dueInMs } = await round();
        await giveWay();
        // Whoever follows one that came alone does too, as a rule.
        expectsOne = !again && foundSinceWait <= 1;
        if (!again) foundSinceWait = 0;
        if (!again && !stopping.signal.aborted) await wake.wait(waitMs(dueInMs));
      } catch (error) {
        await pause(clock, trouble.failed(error), stopping.signal);
      }
    }
  };

  return {
    start() {
      running ??= loop();
    },
    freed() {
      if (!areAllEmptied) wake.wake();
    },
    async stop() {
      stopping.abort();
      wake.wake();
      await running;
    },
  };
}
