import { setTimeout as sleep } from "node:timers/promises";
import { defineTask, PermanentError, type AnyTaskDefinition } from "@millrace/models";

/** What the tasks of the world share. */
export interface WorldPorts {
  /** Resolves when a test says so, or when the task is to stop. */
  readonly gate: (taskId: string, signal: AbortSignal) => Promise<void>;
}

/** Kinds that between them show every state. */
export function worldTasks({ gate }: WorldPorts): readonly AnyTaskDefinition[] {
  const charge = defineTask({
    kind: "billing.charge",
    retry: { maxAttempts: 3, backoff: { type: "fixed", delayMs: 5 } },
    summary: ({ customer }: { readonly customer: string }) => customer,
    async run({ customer }: { readonly customer: string; readonly how?: string }, { appendStep }) {
      await appendStep({ kind: "step", message: "load card", level: "success" });
      await sleep(30);
      await appendStep({ kind: "step", message: "charge", level: "error" });
      if (customer.startsWith("cus_declined")) throw new PermanentError(`card_declined: the bank refused ${customer}`);
      const cause = new Error("connect ETIMEDOUT 10.0.4.7:443");
      throw Object.assign(new Error("socket hang up", { cause }), {
        code: "ECONNRESET",
        details: { customer, host: "api.pay.example" },
      });
    },
  });
  const report = defineTask({
    kind: "report.generate",
    summary: ({ quarter }: { readonly quarter: string }) => quarter,
    async run(
      { quarter, pages }: { readonly quarter: string; readonly pages: number },
      { setProgress, appendStep, signal, task },
    ) {
      await appendStep({ kind: "log", message: `rendering ${quarter} for https://reports.example/q` });
      for (let page = 1; page <= pages; page += 1) {
        await setProgress({ percent: (100 * page) / pages, label: `rendering page ${page} of ${pages}` });
        if (page === Math.ceil(pages / 2)) {
          await appendStep({ kind: "log", message: "\u001B[33mhalf way\u001B[0m there", level: "warn" });
          await gate(task.id, signal);
        }
      }
      await appendStep({ kind: "log", message: "stored the file", level: "success" });
      return { url: `/reports/${quarter}.pdf`, pages };
    },
  });
  const mail = defineTask({
    kind: "mail.send",
    summary: ({ to }: { readonly to: string }) => to,
    async run({ to }: { readonly to: string }) {
      await sleep(5);
      return { accepted: [to] };
    },
  });
  const silent = defineTask({
    kind: "import.feed",
    watchdogMs: 300,
    run: (_input, { task, signal }) => gate(task.id, signal),
  });
  const approval = defineTask({
    kind: "refund.approve",
    run: (_input, { waitForSignal }) => waitForSignal("approved"),
  });
  const hostile = defineTask({
    kind: "hostile.input",
    retry: { maxAttempts: 1 },
    async run(_input, { appendStep }) {
      await appendStep({
        kind: "<img src=x onerror=alert(1)>",
        message: "\u001B]0;owned\u0007\u001B[31m<script>alert(1)</script>\u001B[0m \u202Egnp.exe javascript:alert(1)",
        level: "error",
      });
      const error = new Error(`<script>window.hacked = true</script> \uD800 \u0000 ${"long ".repeat(4_000)}`);
      error.name = '"><svg onload=alert(1)>';
      throw error;
    },
  });
  const big = defineTask({
    kind: "big.payload",
    run: () => ({ rows: Array.from({ length: 4_000 }, (_, n) => ({ n, name: `row ${n}` })) }),
  });
  return [charge, report, mail, silent, approval, hostile, big] as readonly AnyTaskDefinition[];
}
