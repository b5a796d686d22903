import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createSqliteTaskStore, createTaskClient } from "millrace";
import { afterEach, describe, expect, it } from "vitest";
import { scratchFolder } from "./files/scratch-folder.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const started = new Set<ChildProcess>();

afterEach(() => {
  for (const child of started) child.kill("SIGKILL");
  started.clear();
});

function startDemo(folder: string, ...options: readonly string[]): ChildProcess {
  const flags = ["--conditions=@millrace/source", main, "--folder", folder, ...options];
  const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "inherit"] });
  started.add(child);
  return child;
}

/** Reads what the demo prints until a line has the text, or to the end. */
async function readUntil(child: ChildProcess, text: string | null): Promise<readonly string[]> {
  if (child.stdout === null) throw new Error("the output of the demo is not readable");
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (text !== null && line.includes(text)) break;
  }
  return lines;
}

async function exitCodeOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode;
}

async function countTasks(folder: string): Promise<number> {
  const store = createSqliteTaskStore({ path: `${folder}/tasks.sqlite` });
  try {
    return (await createTaskClient({ store }).listTasks({})).snapshots.length;
  } finally {
    await store.close();
  }
}

describe("the demo", { timeout: 60_000 }, () => {
  it("publishes a report that tells the damaged dataset too", async () => {
    using folder = scratchFolder();
    const child = startDemo(folder.path, "--only", "cars,jobs");
    const lines = await readUntil(child, null);
    expect(await exitCodeOf(child)).toBe(0);
    expect(lines.filter((line) => /^Two centuries of jobs: (attempt|failed)/.test(line))).toHaveLength(3);
    const [report = ""] = globSync(`${folder.path}/*/report.html`);
    const page = readFileSync(report, "utf8");
    expect(page).toContain("Cars of the 1970s");
    expect(page).toContain("jobs.json is damaged in row 4,757");
    expect(page).toContain("<b>Attempt 3</b>");
  });

  it("goes on after a kill without doing anything twice that was finished", async () => {
    using folder = scratchFolder();
    const options = ["--only", "zipcodes,cars,penguins"];
    const killed = startDemo(folder.path, ...options);
    await readUntil(killed, "done in");
    killed.kill("SIGKILL");
    await exitCodeOf(killed);
    expect(globSync(`${folder.path}/*/report.html`)).toEqual([]);
    const finished = globSync(`${folder.path}/*/profiles/*.json`).map((path) => ({ path, at: statSync(path).mtimeMs }));
    expect(finished.length).toBeGreaterThan(0);

    const second = startDemo(folder.path, ...options);
    const lines = await readUntil(second, null);
    expect(await exitCodeOf(second)).toBe(0);
    expect(lines[0]).toMatch(/^Going on with run /);
    for (const { path, at } of finished) expect(statSync(path).mtimeMs).toBe(at);
    expect(globSync(`${folder.path}/*/profiles/*.json`)).toHaveLength(3);
    expect(globSync(`${folder.path}/*/report.html`)).toHaveLength(1);
    expect(await countTasks(folder.path)).toBe(4);
  });

  it("stops at the first Ctrl-C and keeps what is unfinished", async () => {
    using folder = scratchFolder();
    const child = startDemo(folder.path, "--only", "zipcodes");
    const before = await readUntil(child, "started");
    child.kill("SIGINT");
    expect(await exitCodeOf(child)).toBe(130);
    expect(before).toEqual(["US zip codes: started"]);
    expect(globSync(`${folder.path}/*/report.html`)).toEqual([]);
    expect(existsSync(folder.file("latest.json"))).toBe(true);
  });

  it("names the datasets there are when asked for another", async () => {
    using folder = scratchFolder();
    const child = startDemo(folder.path, "--only", "vans");
    expect(await exitCodeOf(child)).toBe(2);
  });
});
