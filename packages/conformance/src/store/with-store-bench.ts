import { createManualClock, createSeededRandom, type TaskStore } from "@millrace/models";
import { checkInvariants } from "../invariants/check-invariants.ts";
import { readHistory } from "../invariants/read-history.ts";
import { createStoreBench } from "./create-store-bench.ts";
import type { StoreBench } from "./store-bench.ts";
import type { TestTaskStoreOptions } from "./store-under-test.ts";

/** Runs a case on a fresh store, then holds the journal and the records it leaves against the invariants. */
export async function withStoreBench(
  options: TestTaskStoreOptions,
  run: (bench: StoreBench) => Promise<void>,
): Promise<void> {
  const clock = createManualClock();
  const random = createSeededRandom(20_260_101);
  const under = await options.create({ clock, random });
  const bench = createStoreBench(under, clock, random);
  try {
    await run(bench);
    if (!bench.lastCheck.isSkipped) await assertInvariants(bench.store);
  } finally {
    await under.close();
  }
}

async function assertInvariants(store: TaskStore): Promise<void> {
  const violations = checkInvariants(await readHistory(store));
  if (violations.length === 0) return;
  const lines = violations.map(({ invariant, taskId, message }) => `${invariant} ${taskId ?? ""}: ${message}`);
  throw new Error(`The case leaves a history that breaks ${lines.length} invariants:\n${lines.join("\n")}`);
}
