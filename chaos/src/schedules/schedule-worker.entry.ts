import { systemRandom } from "@millrace/models";
import { openStore, ownAddress } from "../database/database-address.ts";
import { storeWithLateSteps } from "./late-steps.ts";
import { tickingHost } from "./ticking-host.ts";
import type { TickingPlan } from "./ticking-schedules.ts";

// One host that only schedules: it will be killed, stopped and started without warning.
const [, name, plan] = process.argv.slice(2);
if (!name || !plan) throw new Error("a worker needs a folder, a name and a plan");

const parsed = JSON.parse(plan) as TickingPlan;
const store = storeWithLateSteps(openStore(ownAddress()), systemRandom, parsed.lateSteps);
const host = tickingHost(store, parsed, name);
await host.pause();

let ending: Promise<never> | null = null;
const end = (): void => void (ending ??= host.close().then(() => process.exit(0)));
process.on("SIGTERM", end);
process.once("disconnect", end);
await host.start();
process.send?.("up");
