import { defineTask } from "millrace";

let isMailServerUp = false;

export const confirmOrder = defineTask({
  kind: "order.confirm",
  retry: { maxAttempts: 3, backoff: { type: "fixed", delayMs: 2_000 } },
  async run(input: { orderId: string }, context) {
    const receipt = await context.once("charge", () => {
      console.log("  charging the card");
      return `receipt of ${input.orderId}`;
    });
    await context.setProgress({ percent: 50, label: "charged" });

    if (!isMailServerUp) {
      isMailServerUp = true; // it will have come back by the next attempt
      throw new Error("the mail server did not answer");
    }
    await context.appendStep({ message: "mail sent", percent: 90 });
    return { receipt };
  },
});
