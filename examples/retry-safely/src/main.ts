import assert from "node:assert/strict";
import { createHost, defineTask, PermanentError, RetryLaterError, SnoozeError } from "millrace";

let charges = 0;
let calls = 0;

// #region handler
const payInvoice = defineTask({
  kind: "invoice.pay",
  retry: {
    maxAttempts: 5,
    backoff: { type: "exponential", delayMs: 50, factor: 2, maxDelayMs: 1_000, jitter: "full" },
  },
  async run(input: { invoiceId: string; card: "good" | "refused" }, context) {
    if (input.card === "refused") throw new PermanentError("the card was refused", { code: "CARD_REFUSED" });

    // Remembered across attempts: the second attempt gets the stored answer.
    const charge = await context.once("charge", () => {
      charges += 1;
      return { id: `ch_${input.invoiceId}` };
    });

    calls += 1;
    if (calls === 1) throw new Error("the accounting system did not answer"); // again, after the back-off
    if (calls === 2) throw new RetryLaterError(100, "it asked for a pause"); // again, after exactly this delay
    if (calls === 3) throw new SnoozeError(100); // again, and no failure is counted
    return charge;
  },
});
// #endregion

await using host = createHost({ tasks: [payInvoice] });
await host.start();

const paid = await host.enqueue(payInvoice, { invoiceId: "in_1", card: "good" });
console.log(await host.awaitResult(paid.task.id, { timeoutMs: 20_000 }));
const after = await host.getTask(paid.task.id);
console.log(`${after?.attempt} attempts, ${after?.failures} failures, ${after?.snoozes} snooze, ${charges} charge`);
assert.deepEqual([after?.attempt, after?.failures, after?.snoozes, charges], [4, 2, 1, 1]);

// #region permanent
const refused = await host.enqueue(payInvoice, { invoiceId: "in_2", card: "refused" });
await host.awaitResult(refused.task.id, { timeoutMs: 20_000 }).catch((error: Error) => console.log(error.message));
const failed = await host.getTask(refused.task.id);
console.log(failed?.attempt, failed?.failure?.code); // 1 CARD_REFUSED
// #endregion
assert.deepEqual([failed?.attempt, failed?.failure?.code], [1, "CARD_REFUSED"]);
