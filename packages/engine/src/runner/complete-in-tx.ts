import {
  toJsonText,
  type Json,
  type LeaseAnswer,
  type LeasedSettlement,
  type RunAnswer,
  type RunQuestion,
  type TaskStore,
} from "@millrace/models";
import { fits } from "../client/value-codec.ts";
import { aboutOf, loseTask, type QuestionPorts, refused } from "./question-ports.ts";
import type { HeldTask } from "./running-tasks.ts";

/** Settles the task inside the transaction of a handler in this process. */
export async function completeInTx(
  task: HeldTask,
  { tx, output }: Extract<RunQuestion, { type: "complete-in-tx" }>,
  ports: QuestionPorts,
): Promise<RunAnswer> {
  const settlement = await settlementOf(task, output, ports);
  if ("type" in settlement) return settlement;
  const answer = await settleWithin(ports.store, tx, settlement);
  if (answer && answer.status !== "lost") return { type: "done" };
  task.completing = null;
  return loseTask(task, ports);
}

/** Lets a handler in another process or thread do the same there: what it did shows when its attempt is settled here. */
export async function txFence(task: HeldTask, output: Json, ports: QuestionPorts): Promise<RunAnswer> {
  const fence = ports.store.facet("txFence");
  if (!fence) {
    return refused(
      "TX_UNSUPPORTED",
      "This store cannot take part in a transaction of another process or thread; run the handler in the process of its host.",
    );
  }
  const settlement = await settlementOf(task, output, ports);
  return "type" in settlement ? settlement : { type: "tx-fence", fence, settlement };
}

async function settlementOf(
  task: HeldTask,
  output: Json,
  ports: QuestionPorts,
): Promise<LeasedSettlement | Extract<RunAnswer, { type: "refused" }>> {
  const written = toJsonText(output, { path: "output" });
  if ("problem" in written) return refused("SERIALIZATION_ERROR", `${written.problem.path} ${written.problem.why}.`);
  const maxBytes = task.served.known.maxPayloadBytes ?? ports.maxPayloadBytes;
  if (!fits(written.text, maxBytes)) {
    return refused("TASK_OUTPUT_INVALID", `The output is larger than ${maxBytes} bytes as JSON.`);
  }
  const stored = await ports.values.encode(written.text, aboutOf(task, "output"));
  // From here on a lease that is gone may be the transaction's own doing.
  task.completing = { output: written.text };
  return { ...task.lease, started: task.started !== "stored", settlement: { type: "succeed", output: stored } };
}

/** By the transaction's own way: a synchronous one must not meet a promise. */
async function settleWithin(
  store: TaskStore<unknown>,
  tx: unknown,
  settlement: LeasedSettlement,
): Promise<LeaseAnswer | undefined> {
  if (store.withinSync) return store.withinSync(tx).settle([settlement])[0];
  const [answer] = await store.within(tx).settle([settlement]);
  return answer;
}
