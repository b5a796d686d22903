import { createTaskHost } from "@millrace/engine";
import { createChildProcessTaskExecutor } from "@millrace/executor-child-process";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { isTaskError, systemRandom } from "@millrace/models";
import { chaosKinds } from "./chaos-kinds.ts";
import { openStore, ownAddress } from "./database/database-address.ts";
import { machineMs, openLedger } from "./ledger.ts";
import { mutantStore } from "./mutant-store.ts";
import { observedStore } from "./observed-store.ts";
import { troubledStore } from "./troubled-store.ts";

// One host of the chaos run: it will be killed, stopped and started without warning.
const [folder, name, variant] = process.argv.slice(2);
if (!folder || !name) throw new Error("a worker needs a folder and a name");
const write = openLedger(folder, name);
const database = openStore(ownAddress());
const isMutant = variant === "mutant";
// Every time leaves suspects, which run alone: too many of them would be all that a run does.
const { store, heal } = troubledStore(
  isMutant ? mutantStore(database) : database,
  systemRandom,
  isMutant ? 1_000 : 12_000,
);

const host = createTaskHost({
  store: observedStore(store, write),
  executor: [
    createChildProcessTaskExecutor({ size: 1, idleMs: null, killGraceMs: 500 }),
    createInProcessTaskExecutor(),
  ],
  tasks: chaosKinds({ write, folder, by: name }),
  runner: {
    id: name,
    concurrency: 8,
    leaseMs: 1_000,
    heartbeatMs: 300,
    sweepIntervalMs: 250,
    pollIntervalMs: 100,
    stopWaitMs: 1_000,
    abortGraceMs: 500,
  },
});

// A process that did not get to run may have lost its leases without having been able to notice.
const everyMs = 50;
const tooLongMs = 250;
let lastAt = machineMs();
setInterval(() => {
  const at = machineMs();
  if (at - lastAt > tooLongMs) write({ type: "lag", at: lastAt });
  lastAt = at;
}, everyMs).unref();

// Two faults may ask the same worker to end.
let ending: Promise<never> | null = null;
const end = (): void => void (ending ??= host.close().then(() => process.exit(0)));
process.on("SIGTERM", end);
process.once("disconnect", end);
process.once("message", heal);
process.send?.("up");
await started();

/** A start that the store did not answer is begun again, as a supervisor would do. */
async function started(): Promise<void> {
  try {
    await host.start();
  } catch (error) {
    if (ending !== null) return;
    if (!isTaskError(error) || !error.retryable) throw error;
    await started();
  }
}
