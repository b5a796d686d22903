import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fsyncTimeMs } from "./harness/fsync-time.ts";
import { calmest, calmPercent } from "./harness/calmest.ts";
import { judge } from "./harness/judge.ts";
import { type BenchPostgres, startPostgres } from "./harness/bench-postgres.ts";
import { type Circumstances, circumstances, keepResults, type SuiteRun, suiteMarkdown } from "./harness/report.ts";
import { runVariant } from "./harness/run-variant.ts";
import type { Figures, Suite } from "./harness/suite.ts";
import { suites } from "./suites/all-suites.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "3" },
    scale: { type: "string", default: "1" },
    under: { type: "string", default: join(tmpdir(), "millrace-bench") },
    only: { type: "string", default: "" },
    tries: { type: "string", default: "1" },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(`pnpm bench [suite …] [--rounds 3] [--scale 1] [--under FOLDER] [--only PATTERN] [--tries 1] [--keep]

Suites: ${suites.map(({ name }) => name).join(", ")} (all when none is named).
Every variant of a suite runs once a round, in turn, in a process of its own.
--under  where databases are made: name a folder on the disk you want to measure
--only   measures only the variants whose names match this expression, such as "millrace|pg-boss"
--tries  measures a variant again, up to so many times, while neighbours of a virtual machine have more than ${calmPercent} % of it
--keep   writes bench/results/DATE-TIME-SUITES.{md,json}
Exit code 1 when a target is missed.`);
} else {
  process.exitCode = await bench(chosenSuites(positionals));
}

function chosenSuites(names: readonly string[]): readonly Suite[] {
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) throw new Error(`No suite is named ${unknown.join(", ")}. See pnpm bench --help.`);
  return names.length === 0 ? suites : suites.filter(({ name }) => names.includes(name));
}

async function bench(chosen: readonly Suite[]): Promise<number> {
  await mkdir(values.under, { recursive: true });
  const about = circumstances({
    fsyncMs: fsyncTimeMs(values.under),
    rounds: Number(values.rounds),
    scale: Number(values.scale),
    tries: Number(values.tries),
  });
  const postgres = chosen.some(({ needsPostgres }) => needsPostgres) ? await startPostgres(values.under) : null;
  const runs: SuiteRun[] = [];
  try {
    for (const suite of chosen) {
      const run = await runSuite(suite, about, suite.needsPostgres ? postgres : null);
      runs.push(run);
      console.log(suiteMarkdown(run));
    }
  } finally {
    await postgres?.stop();
  }
  if (values.keep) {
    const folder = new URL("../results/", import.meta.url).pathname;
    console.log(`Kept in ${await keepResults(folder, about, runs)}`);
  }
  const missed = runs.flatMap(({ suite, measured }) => judge(suite, measured).filter(({ met }) => !met));
  console.log(
    `Disk: fdatasync ${about.fsyncMs.toFixed(3)} ms. ${missed.length === 0 ? "Every target was met." : `${missed.length} missed.`}`,
  );
  return missed.length === 0 ? 0 : 1;
}

/** Every variant once a round, in turn. */
async function runSuite(suite: Suite, about: Circumstances, postgres: BenchPostgres | null): Promise<SuiteRun> {
  const measured: Record<string, Figures[]> = {};
  const leftOut: Record<string, string> = {};
  const taken: number[] = [];
  for (let round = 1; round <= (suite.rounds ?? about.rounds); round += 1) {
    for (const variant of Object.keys(suite.variants)) {
      const rounds = (measured[variant] ??= []);
      if (!new RegExp(values.only).test(variant)) leftOut[variant] = "not asked for";
      if (variant in leftOut) continue;
      process.stderr.write(`${suite.name}, round ${round}: ${variant}\n`);
      const place = { scale: about.scale, under: values.under, postgres };
      const run = await calmest(() => runVariant({ suite: suite.name, variant, ...place }), { tries: about.tries });
      if (run.takenPercent !== null) taken.push(run.takenPercent);
      if (typeof run.value === "string") leftOut[variant] = run.value;
      else rounds.push(run.value);
    }
  }
  return { suite, measured, leftOut, takenPercent: taken.length === 0 ? null : Math.max(...taken) };
}
