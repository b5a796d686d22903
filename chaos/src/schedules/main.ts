import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { runScheduleChaos } from "./run-schedule-chaos.ts";

// `pnpm chaos:schedules --store postgres --workers 8 --schedules 1000 --seconds 60`: each schedule is due once a second while
// the processes are killed and stopped; in the end each occurrence must be exactly one task. `--mutant` takes away what
// makes an occurrence unique: that must end with some that are not.
const { values } = parseArgs({
  options: {
    store: { type: "string", default: "sqlite" },
    workers: { type: "string", default: "2" },
    schedules: { type: "string", default: "200" },
    seconds: { type: "string", default: "15" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    mutant: { type: "boolean", default: false },
  },
});
const [workers, schedules, seconds, seed] = [values.workers, values.schedules, values.seconds, values.seed].map(
  Number,
) as [number, number, number, number];
if (
  ![workers, schedules, seconds].every((count) => Number.isSafeInteger(count) && count > 0) ||
  !Number.isSafeInteger(seed)
) {
  throw new Error("--workers, --schedules, --seconds and --seed must be whole numbers");
}
if (values.store !== "sqlite" && values.store !== "postgres") throw new Error("--store must be sqlite or postgres");
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
const variant = values.mutant ? ", mutant" : "";
console.log(
  `Schedules on ${values.store}: ${schedules} a second for ${seconds} s, ${workers} processes, seed ${seed}${variant}.`,
);
const { verdict, violations, folder } = await runScheduleChaos({
  driver: values.store,
  workers,
  schedules,
  seconds,
  seed,
  isMutant: values.mutant,
  say: (line) => console.log(line),
});
const { tasks, missing, doubled, strange } = verdict;
console.log(
  `${schedules * seconds} occurrences, ${tasks} tasks: ${missing} missing, ${doubled} doubled, ${strange} strange.`,
);
for (const { message } of violations) console.error(`  ${message}`);
if (missing + doubled + strange + violations.length > 0) {
  console.error(`Everything is kept in ${folder}.`);
  process.exitCode = 1;
} else await rm(folder, { recursive: true, force: true });
