import {
  journalStart,
  type Clock,
  type CursorsFacet,
  type EventCursor,
  type Logger,
  type Random,
  type TaskEventConsumer,
  type TaskStore,
} from "@millrace/models";
import { pause } from "../runner/pause.ts";
import { messageOf } from "../runner/store-trouble.ts";
import { createWakeSignal } from "../runner/wake-signal.ts";

export interface EventConsumerPorts {
  readonly store: Pick<TaskStore, "events" | "watch">;
  readonly cursors: CursorsFacet;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}

/** How many entries one page has. */
const pageSize = 500;
/** How long until it looks without having been woken. */
const pollMs = 1_000;
const longestRetryMs = 30_000;

/**
 * Reads the journal for a consumer from where it was, until the signal aborts: at least once, in order per task. The place moves on
 * only when the consumer has taken a page; one it throws at comes again, later and later. A place that retention has passed is
 * told in the log, and reading goes on from the oldest entry there is. Never rejects.
 */
export async function consumeEvents(name: string, handle: TaskEventConsumer, ports: EventConsumerPorts): Promise<void> {
  const { clock, signal, logger } = ports;
  const wake = createWakeSignal(clock);
  const unwatch = ports.store.watch(() => wake.wake());
  const onAbort = (): void => wake.wake();
  signal.addEventListener("abort", onAbort);
  let cursor: EventCursor | null = null;
  let failures = 0;
  while (!signal.aborted) {
    try {
      cursor ??= (await ports.cursors.load(name)) ?? journalStart;
      const more: boolean = await step(cursor);
      failures = 0;
      if (!more) await wake.wait(pollMs * (0.9 + 0.2 * ports.random.next()));
    } catch (error) {
      failures += 1;
      const delayMs = Math.min(longestRetryMs, 100 * 2 ** Math.min(failures, 12));
      if (failures === 1 || failures % 20 === 0) {
        logger.warn(`The event consumer "${name}" failed; its page comes again.`, {
          error: messageOf(error),
          failures,
        });
      }
      await pause(clock, delayMs, signal);
    }
  }
  unwatch();
  signal.removeEventListener("abort", onAbort);

  /** Takes one page; whether there is more at once. */
  async function step(after: EventCursor): Promise<boolean> {
    const page = await ports.store.events(after, pageSize);
    if (page.status === "reset") {
      logger.warn(`The place of the event consumer "${name}" is gone; it goes on from what there is.`, {
        why: page.why,
      });
      cursor = await saved(page.cursor);
      return true;
    }
    if (page.events.length > 0) await handle(page.events);
    if (page.cursor !== after) cursor = await saved(page.cursor);
    return page.more;
  }

  async function saved(at: EventCursor): Promise<EventCursor> {
    await ports.cursors.save(name, at);
    return at;
  }
}
