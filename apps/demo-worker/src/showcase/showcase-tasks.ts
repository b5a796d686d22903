import { defineTask, PermanentError, type AnyTaskDefinition, type TaskContext } from "@millrace/models";

/** A shop, so that the dashboard has something to show in every state. Nothing of it leaves this process. */
export const showcaseTasks: readonly AnyTaskDefinition[] = [
  defineTask({
    kind: "shop.charge",
    summary: ({ customer, cents }: Charge) => `${customer} · ${(cents / 100).toFixed(2)} €`,
    searchable: ["customer"],
    retry: { maxAttempts: 3, backoff: { minDelayMs: 20_000, factor: 3 } },
    run: charge,
  }),
  defineTask({
    kind: "shop.yearly-report",
    summary: ({ year }: { readonly year: number }) => `figures of ${year}`,
    run: ({ year }: { readonly year: number }, context) => writeReport(year, context),
  }),
  defineTask({
    kind: "shop.resize-photo",
    concurrency: { limit: 1 },
    run: ({ seconds }: { readonly seconds: number }, { signal }) => pause(seconds * 1_000, signal),
  }),
  defineTask({
    kind: "shop.refund",
    summary: ({ order }: { readonly order: string }) => `${order} waits for a person`,
    run: ({ order }: { readonly order: string }, context) =>
      context.wake === null ? context.waitForSignal("approved") : { order, refunded: true },
  }),
  // It says nothing for longer than it may, so it is called stale, and goes on: that is for a person to judge.
  defineTask({
    kind: "shop.stock-sync",
    watchdogMs: 2_000,
    run: (_input: unknown, { signal }) => untilAborted(signal),
  }),
  defineTask({ kind: "shop.send-newsletter", run: () => ({ sent: 1_204 }) }),
  defineTask({ kind: "shop.nightly-rollup", run: () => null }),
  defineTask({ kind: "shop.price-sync", run: () => null }),
];

/** What the next customer pays. */
export interface Charge {
  readonly customer: string;
  readonly cents: number;
}

class PaymentTimeoutError extends Error {
  override readonly name: string = "PaymentTimeoutError";
  readonly code: string = "ETIMEDOUT";
}

async function charge({ customer, cents }: Charge, context: TaskContext): Promise<{ readonly receipt: string }> {
  void context.appendStep({ kind: "card", message: `asked the bank for ${cents} cents of ${customer}` });
  // Made of the task's own id, so that a further try may end otherwise.
  const luck = Number.parseInt(context.task.id.slice(-4), 16) + context.task.attempt * 7;
  await pause(50 + (luck % 400), context.signal);
  if (luck % 17 === 0) throw new PermanentError(`The bank of ${customer} says no.`, { code: "card_declined" });
  if (luck % 7 === 0) throw new PaymentTimeoutError("pay.example.com did not answer within 2 s");
  void context.appendStep({ kind: "card", level: "success", message: "paid", percent: 100 });
  return { receipt: `R-${luck}` };
}

async function writeReport(year: number, context: TaskContext): Promise<{ readonly pages: number }> {
  const pages = 240;
  for (let page = await context.once("begun at", () => 1); page <= pages; page += 1) {
    void context.setProgress({ percent: (100 * page) / pages, label: `page ${page} of ${pages}` });
    if (page % 12 === 0) void context.appendStep({ message: `chapter ${page / 12} of ${year} is written` });
    await pause(1_500, context.signal);
  }
  return { pages };
}

function pause(ms: number, signal: AbortSignal): Promise<null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(null), ms);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
