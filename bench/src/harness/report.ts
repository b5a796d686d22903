import { cpus, release, totalmem } from "node:os";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { calmPercent } from "./calmest.ts";
import { judge, type Measured, short } from "./judge.ts";
import { spreadOf } from "./statistics.ts";
import type { Suite } from "./suite.ts";

/** The machine and the circumstances of a run. */
export interface Circumstances {
  readonly startedAt: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly fsyncMs: number;
  readonly rounds: number;
  readonly scale: number;
  /** How often a variant was measured, at most, for a run that neighbours left alone. */
  readonly tries: number;
}

/** What can be said of this machine. */
export function circumstances(about: Pick<Circumstances, "fsyncMs" | "rounds" | "scale" | "tries">): Circumstances {
  return {
    startedAt: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    ...about,
  };
}

/** A suite as it was run. */
export interface SuiteRun {
  readonly suite: Suite;
  readonly measured: Measured;
  /** Why a variant was left out, by its name. */
  readonly leftOut: Readonly<Record<string, string>>;
  /** How much of the time in which this machine wanted to work others had, at most, while a figure was measured; null = not known. */
  readonly takenPercent: number | null;
}

/** The Markdown of one suite. */
export function suiteMarkdown({ suite, measured, leftOut, takenPercent }: SuiteRun): string {
  const lines = [`## ${suite.title}`, "", suite.method, ""];
  if (takenPercent !== null) {
    lines.push(
      `Neighbours had at most ${short(takenPercent)} % of the processor time that this machine wanted during a run.`,
      "",
    );
  }
  lines.push("| variant | figure | median (min–max) |", "|---|---|---|");
  for (const [variant, rounds] of Object.entries(measured)) {
    for (const name of Object.keys(rounds[0] ?? {})) {
      const { median, min, max } = spreadOf(rounds.map((figures) => figures[name] ?? Number.NaN));
      lines.push(`| ${variant} | ${name} | ${short(median)} (${short(min)}–${short(max)}) |`);
    }
  }
  for (const [variant, why] of Object.entries(leftOut)) lines.push(`| ${variant} | left out | ${why} |`);
  lines.push("", "| asked | bound | goal | measured | |", "|---|---|---|---|---|");
  for (const { label, bound, goal, value, met } of judge(suite, measured)) {
    const range = `**${short(value.median)}** (${short(value.min)}–${short(value.max)})`;
    lines.push(
      `| ${label} | ${bound} | ${goal === null ? "" : short(goal)} | ${range} | ${met ? "met" : "**missed**"} |`,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** Keeps a run: JSON for programs, Markdown for people. Answers the path of the Markdown. */
export async function keepResults(folder: string, about: Circumstances, runs: readonly SuiteRun[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  const moment = about.startedAt.slice(0, 16).replace("T", "-").replace(":", "");
  const name = `${moment}-${runs.map(({ suite }) => suite.name).join("-")}`.slice(0, 80);
  const head = [
    `# Bench of ${about.startedAt.slice(0, 16).replace("T", " ")} UTC`,
    "",
    `Node ${about.node}, ${about.cores} × ${about.cpu}, ${about.memoryGiB} GiB, Linux ${about.kernel}; ` +
      `an 8 kB write made durable (fdatasync) takes ${short(about.fsyncMs)} ms on this disk. ` +
      `${about.rounds} interleaved rounds, scale ${about.scale}; ratios are taken within a round.` +
      (about.tries > 1
        ? ` A run during which neighbours had more than ${calmPercent} % was made again, up to ${about.tries} times; the calmest counts.`
        : ""),
    "",
  ].join("\n");
  const path = join(folder, `${name}.md`);
  await writeFile(path, `${head}\n${runs.map(suiteMarkdown).join("\n")}`);
  const data = {
    about,
    suites: runs.map((run) => ({
      name: run.suite.name,
      verdicts: judge(run.suite, run.measured),
      measured: run.measured,
      leftOut: run.leftOut,
      takenPercent: run.takenPercent,
    })),
  };
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(data, null, 2)}\n`);
  return path;
}
