import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fsyncTimeMs } from "./harness/fsync-time.ts";
import { judge } from "./harness/judge.ts";
import { circumstances, keepResults, suiteMarkdown } from "./harness/report.ts";
import { runVariant } from "./harness/run-variant.ts";
import type { Figures, Suite } from "./harness/suite.ts";
import { suites } from "./suites/all-suites.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "3" },
    scale: { type: "string", default: "1" },
    under: { type: "string", default: join(tmpdir(), "millrace-bench") },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(`pnpm bench [suite …] [--rounds 3] [--scale 1] [--under FOLDER] [--keep]

Suites: ${suites.map(({ name }) => name).join(", ")} (all when none is named).
Every variant of a suite runs once a round, in turn, in a process of its own.
--under  where databases are made: name a folder on the disk you want to measure
--keep   writes bench/results/DATE-SUITES.{md,json}
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
  });
  const runs: { suite: Suite; measured: Record<string, Figures[]> }[] = [];
  for (const suite of chosen) {
    const measured: Record<string, Figures[]> = {};
    for (let round = 1; round <= (suite.rounds ?? about.rounds); round += 1) {
      for (const variant of Object.keys(suite.variants)) {
        process.stderr.write(`${suite.name}, round ${round}: ${variant}\n`);
        const figures = await runVariant({ suite: suite.name, variant, scale: about.scale, under: values.under });
        (measured[variant] ??= []).push(figures);
      }
    }
    runs.push({ suite, measured });
    console.log(suiteMarkdown(suite, measured));
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
