import { isTaskError, type CancelTimer, type Clock, type Logger } from "@millrace/models";

/** What a loop needs. */
export interface LoopPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pollIntervalMs: number;
  /** One round; answers when it is worth another, as a delay. */
  run(): Promise<number | null>;
}

/** Rounds, one after the other. */
export interface ScheduleLoop {
  /** Another round at once, or right after the one that runs. */
  wake(): void;
  /** Ends when the running round has. */
  stop(): Promise<void>;
}

const longestRetryMs = 30_000;

/** Begins with a round at once; then one whenever a schedule falls due, and at least every poll interval. */
export function startLoop(ports: LoopPorts): ScheduleLoop {
  const { clock, logger, pollIntervalMs } = ports;
  let running: Promise<void> | null = null;
  let cancelTimer: CancelTimer = () => {};
  let isWoken = false;
  let isStopped = false;
  let failures = 0;

  const round = async (): Promise<void> => {
    let delayMs: number;
    try {
      const next = await ports.run();
      failures = 0;
      // A moment more, so that it is due when it is asked for.
      delayMs = Math.min(pollIntervalMs, Math.max(0, next ?? pollIntervalMs) + 1);
    } catch (error) {
      failures += 1;
      delayMs = Math.min(longestRetryMs, pollIntervalMs * 2 ** Math.min(failures - 1, 10));
      if (!isTaskError(error, "STORE_CLOSED")) report(error, failures, logger);
    }
    running = null;
    if (isStopped) return;
    if (isWoken) begin();
    else cancelTimer = clock.after(delayMs, begin);
  };

  const begin = (): void => {
    isWoken = false;
    cancelTimer();
    running ??= round();
  };

  begin();
  return {
    wake() {
      if (isStopped) return;
      if (running) isWoken = true;
      else begin();
    },
    async stop() {
      isStopped = true;
      cancelTimer();
      await running;
    },
  };
}

function report(error: unknown, failures: number, logger: Logger): void {
  if (failures > 1 && failures % 20 !== 0) return;
  const text = error instanceof Error ? error.message : String(error);
  logger.warn("Schedules could not be looked at; they are tried again.", { error: text, failures });
}
