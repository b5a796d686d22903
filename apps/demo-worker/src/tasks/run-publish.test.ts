import { readFileSync } from "node:fs";
import type { WaitedTask } from "@millrace/models";
import { expect, it } from "vitest";
import type { Dataset } from "../datasets/dataset.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { scratchFolder } from "../files/scratch-folder.ts";
import { createProfile } from "../profile/create-profile.ts";
import { runFiles } from "../results/run-files.ts";
import { runPublish, type PublishContext } from "./run-publish.ts";

const aDataset = (name: string): Dataset => ({
  name,
  title: `The ${name}`,
  file: `${name}.csv`,
  format: "csv",
  sentence: "Rows.",
  source: { name: "Somebody", url: null },
  favourites: [],
});

const aTask = (changes: Partial<WaitedTask>): WaitedTask => ({
  taskId: "0190a000-0000-7000-8000-000000000000",
  kind: "demo.profile-dataset",
  status: "succeeded",
  reason: null,
  ...changes,
});

const contextWith = (dependencies: readonly WaitedTask[]): PublishContext => ({
  dependencies,
  appendStep: () => Promise.resolve(true),
  setProgress: () => Promise.resolve(true),
});

it("publishes what was finished together with what failed", async () => {
  using folder = scratchFolder();
  const files = runFiles(folder.path);
  const datasets = ["good", "told", "silent"].map(aDataset);
  const profile = createProfile({ isTyped: false });
  profile.add({ a: "1" });
  const times = { startedAt: 1, finishedAt: 2, attempt: 1, bytes: 3 };
  await writeAtomically(
    files.result("good"),
    JSON.stringify({ dataset: datasets[0], profile: profile.finish(), charts: [], ...times }),
  );
  const failed = aTask({ status: "failed", failure: { name: "DamagedFileError", message: "told.csv is damaged" } });
  const context = contextWith([aTask({}), failed, aTask({ status: "cancelled" })]);
  const output = await runPublish({ runId: "r1", folder: folder.path, startedAt: 0, datasets }, context);
  expect(output).toMatchObject({ path: files.report, finished: 1, failed: 2 });
  const page = readFileSync(files.report, "utf8");
  expect(output.bytes).toBe(Buffer.byteLength(page));
  expect(page).toContain("told.csv is damaged");
  expect(page).toContain("The task ended as cancelled without leaving a result.");
});

it("writes the same report when it runs a second time", async () => {
  using folder = scratchFolder();
  const input = { runId: "r1", folder: folder.path, startedAt: 0, datasets: [aDataset("none")] };
  const first = await runPublish(input, contextWith([]));
  const second = await runPublish(input, contextWith([]));
  expect(second.path).toBe(first.path);
  expect(readFileSync(first.path, "utf8")).toContain("The task ended as unknown");
});
