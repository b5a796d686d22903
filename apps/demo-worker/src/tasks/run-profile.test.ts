import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { ProgressPatch } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { datasets } from "../datasets/dataset-list.ts";
import { damageDataset } from "../datasets/damage-dataset.ts";
import { locateDatasetFile } from "../datasets/locate-dataset.ts";
import { scratchFolder } from "../files/scratch-folder.ts";
import { runFiles } from "../results/run-files.ts";
import type { ProfileInput } from "./profile-input.ts";
import { runProfile, type ProfileContext } from "./run-profile.ts";

interface Listening extends ProfileContext {
  readonly steps: string[];
  readonly progress: ProgressPatch[];
}

function aContext(attempt = 1, signal: AbortSignal = new AbortController().signal): Listening {
  const steps: string[] = [];
  const progress: ProgressPatch[] = [];
  return {
    task: { attempt },
    signal,
    steps,
    progress,
    appendStep: (step) => Promise.resolve(steps.push(step.message ?? "") > 0),
    setProgress: (patch) => Promise.resolve(progress.push(patch) > 0),
  };
}

function anInput(name: string, folder: string): ProfileInput {
  const dataset = datasets.find((candidate) => candidate.name === name);
  if (dataset === undefined) throw new Error(`there is no dataset ${name}`);
  return { dataset, folder, path: locateDatasetFile(dataset.file) };
}

describe("profiling a dataset", () => {
  it("writes the result as one file and answers with headline numbers", async () => {
    using folder = scratchFolder();
    const context = aContext();
    const output = await runProfile(anInput("cars", folder.path), context);
    expect(output).toEqual({
      path: runFiles(folder.path).result("cars"),
      rows: 406,
      columns: 9,
      bytes: 100_492,
      charts: 3,
    });
    expect(context.steps).toHaveLength(3);
    expect(context.progress.at(-1)).toEqual({ percent: 100, label: "406 rows" });
    const percents = context.progress.map((patch) => patch.percent ?? 0);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  });

  it("does not do finished work again", async () => {
    using folder = scratchFolder();
    const input = anInput("penguins", folder.path);
    const first = await runProfile(input, aContext());
    const written = readFileSync(first.path, "utf8");
    const context = aContext(2);
    expect(await runProfile({ ...input, path: "nowhere" }, context)).toEqual(first);
    expect(context.steps).toEqual(["An earlier attempt has written the result already; nothing to do"]);
    expect(readFileSync(first.path, "utf8")).toBe(written);
  });

  it("ignores what a killed process left half written", async () => {
    using folder = scratchFolder();
    const path = runFiles(folder.path).result("penguins");
    await runProfile(anInput("cars", folder.path), aContext());
    writeFileSync(`${path}.1.part`, '{"dataset":');
    expect((await runProfile(anInput("penguins", folder.path), aContext(2))).rows).toBe(344);
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ attempt: 2 });
  });

  it("keeps every failed attempt for the report", async () => {
    using folder = scratchFolder();
    const files = runFiles(folder.path);
    const input = { ...anInput("jobs", folder.path), path: files.input("jobs.json") };
    await damageDataset({ from: locateDatasetFile("jobs.json"), to: input.path, keepShare: 0.1 });
    for (const attempt of [1, 2, 2]) {
      await expect(runProfile(input, aContext(attempt))).rejects.toMatchObject({ code: "DATASET_DAMAGED" });
    }
    const attempts: unknown = JSON.parse(readFileSync(files.attempts("jobs"), "utf8"));
    expect(attempts).toMatchObject([{ attempt: 1 }, { attempt: 2, damage: { file: "jobs.json", row: 760 } }]);
    expect(existsSync(files.result("jobs"))).toBe(false);
  });

  it("stops when asked, and does not count that as a failure of the file", async () => {
    using folder = scratchFolder();
    const abort = new AbortController();
    const context = aContext(1, abort.signal);
    const stopping = { ...context, setProgress: () => Promise.resolve(abort.abort("cancelled") === undefined) };
    await expect(runProfile(anInput("birdstrikes", folder.path), stopping)).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
