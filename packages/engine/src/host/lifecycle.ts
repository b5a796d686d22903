import { TaskError } from "@millrace/models";

/** Where a host is. */
export type TaskHostState = "idle" | "running" | "stopping" | "stopped";

/** How a host is stopped. */
export interface StopOptions {
  /** How long running tasks may go on, in ms. @defaultValue the host's `stopWaitMs` */
  readonly graceMs?: number;
  /** Ends what still runs at once, as a second signal of the user does; also while a stop is under way. @defaultValue false */
  readonly kill?: boolean;
}

/** The order of starts and stops. */
export interface Lifecycle {
  readonly state: TaskHostState;
  start(): Promise<void>;
  stop(options?: StopOptions): Promise<void>;
}

/** One life of a host, from a start to a stop. */
export interface HostLife {
  /** Rejects when it could not begin; what it had begun is undone. */
  begin(): Promise<void>;
  end(options: StopOptions): Promise<void>;
  /** Hurries an end that is under way. */
  hurry(): void;
}

interface Restart {
  readonly own: { isTakenBack: boolean };
  readonly done: Promise<void>;
}

/**
 * Makes the order: starts and stops may come at any time, several at once. A second start answers with the first; one that comes
 * while the host stops waits for that, and rejects `HOST_STOPPING` when yet another stop takes it back; a stop that comes while it
 * starts lets it start first; a second stop answers with the first, and with `kill` hurries it.
 */
export function createLifecycle(makeLife: () => HostLife): Lifecycle {
  let state: TaskHostState = "idle";
  let life: HostLife | null = null;
  let starting: Promise<void> | null = null;
  let stopping: Promise<void> | null = null;
  /** A start that waits for the stop under way, unless another stop takes it back. */
  let restart: Restart | null = null;

  const begin = async (before: TaskHostState): Promise<void> => {
    try {
      life = makeLife();
      await life.begin();
    } catch (error) {
      life = null;
      starting = null;
      if (stopping === null) state = before;
      throw error;
    }
  };

  const start = (): Promise<void> => {
    if (stopping !== null) {
      restart ??= restartAfter(stopping);
      return restart.done;
    }
    if (starting !== null) return starting;
    const before = state;
    state = "running";
    starting = begin(before);
    return starting;
  };

  const restartAfter = (stopped: Promise<void>): Restart => {
    const own = { isTakenBack: false };
    const begun = async (): Promise<void> => {
      await stopped;
      if (restart?.own === own) restart = null;
      if (own.isTakenBack)
        throw new TaskError("HOST_STOPPING", "The host was told to stop before it could start again.");
      await start();
    };
    return { own, done: begun() };
  };

  const end = async (options: StopOptions): Promise<void> => {
    // A start that fails has ended by itself.
    await starting?.catch(() => {});
    try {
      await life?.end(options);
    } finally {
      life = null;
      starting = null;
      stopping = null;
      state = "stopped";
    }
  };

  const stop = (options: StopOptions = {}): Promise<void> => {
    if (stopping !== null) {
      if (options.kill === true) life?.hurry();
      // The last word counts.
      if (restart) {
        restart.own.isTakenBack = true;
        restart = null;
      }
      return stopping;
    }
    if (state === "idle" || state === "stopped") return Promise.resolve();
    state = "stopping";
    stopping = end(options);
    return stopping;
  };

  return {
    get state() {
      return state;
    },
    start,
    stop,
  };
}
