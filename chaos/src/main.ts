import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { drivers, runChaos } from "./run-chaos.ts";

// `pnpm chaos --store postgres --seconds 60 --workers 4 --seed 7`; without --store on SQLite. The seed says which faults come and which tasks; when exactly they
// meet is the machine's own. `--mutant` runs a store that does not check leases: that must end with violations.
const { values } = parseArgs({
  options: {
    store: { type: "string", default: "sqlite" },
    seconds: { type: "string", default: "15" },
    workers: { type: "string", default: "4" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    mutant: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const seconds = Number(values.seconds);
const workers = Number(values.workers);
if (!Number.isSafeInteger(seed) || !(seconds > 0) || !Number.isSafeInteger(workers) || workers < 1) {
  throw new Error("--seed and --workers must be whole numbers, --seconds more than 0");
}

const driver = drivers.find((known) => known === values.store);
if (driver === undefined) throw new Error(`--store must be one of ${drivers.join(", ")}`);

const variant = values.mutant ? "mutant" : "sound";
console.log(`Chaos on ${driver}: seed ${seed}, ${seconds} s, ${workers} workers${values.mutant ? ", mutant" : ""}.`);
// The workers end with this process, also when it is interrupted.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
const { folder, violations } = await runChaos({
  driver,
  seed,
  seconds,
  workers,
  variant,
  say: (line) => console.log(line),
});

if (violations.length === 0) {
  console.log(`0 violations. (seed ${seed})`);
  await rm(folder, { recursive: true, force: true });
} else {
  const shown = violations.slice(0, 20).map(({ invariant, taskId, message }) => {
    return `  ${invariant} ${taskId ?? ""}: ${message}`;
  });
  const each = Object.entries(Object.groupBy(violations, ({ invariant }) => invariant)).map(([invariant, found]) => {
    return `${found?.length} of ${invariant}`;
  });
  console.error([`${violations.length} violations, ${each.join(", ")} (seed ${seed}):`, ...shown].join("\n"));
  console.error(`Everything is kept in ${folder}.`);
  process.exitCode = 1;
}
