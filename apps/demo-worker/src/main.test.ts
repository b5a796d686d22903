import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createTaskClient, createTaskStore, type TaskStoreFactoryOptions } from "millrace";
import { afterEach, describe, expect, it } from "vitest";
import { scratchFolder } from "./files/scratch-folder.ts";
import { profileTask } from "./tasks/profile-task.ts";
import { publishTask } from "./tasks/publish-task.ts";
import { openDatabase } from "./testing/postgres-database.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const started = new Set<ChildProcess>();

afterEach(() => {
  for (const child of started) child.kill("SIGKILL");
  started.clear();
});

/** Starts the demo on its SQLite file, whatever database the tests themselves were given. */
function startDemo(folder: string, ...options: readonly string[]): ChildProcess {
  return startDemoOn("", folder, ...options);
}

function startDemoOn(databaseUrl: string, folder: string, ...options: readonly string[]): ChildProcess {
  const beside = options.includes("--port") ? [] : ["--no-dashboard"];
  const flags = ["--conditions=@millrace/source", main, "--folder", folder, ...beside, ...options];
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "inherit"], env });
  started.add(child);
  return child;
}

/** The part of an overview that is looked at. */
interface Seen {
  readonly attention: readonly { readonly code: string }[];
  readonly counts: { readonly byState: Readonly<Record<string, { readonly count: number }>> };
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

/** What the demo has printed so far, line by line. */
function linesOf(child: ChildProcess): readonly string[] {
  if (child.stdout === null) throw new Error("the output of the demo is not readable");
  const lines: string[] = [];
  createInterface(child.stdout).on("line", (line) => lines.push(line));
  return lines;
}

async function exitCodeOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode;
}

/** How many tasks the work itself has made, whatever stands beside it. */
async function countTasks(options: TaskStoreFactoryOptions): Promise<number> {
  const store = createTaskStore(options);
  try {
    const kinds = [profileTask.kind, publishTask.kind];
    return (await createTaskClient({ store }).listTasks({ kinds })).snapshots.length;
  } finally {
    await store.close();
  }
}

/** Kills the demo once a dataset is done, starts it again, and looks that it went on from there. Answers what it printed then. */
async function killAndGoOn(folder: string, databaseUrl: string, beside: readonly string[]): Promise<readonly string[]> {
  const options = ["--only", "zipcodes,cars"];
  const killed = startDemoOn(databaseUrl, folder, ...options);
  await readUntil(killed, "done in");
  killed.kill("SIGKILL");
  await exitCodeOf(killed);
  expect(globSync(`${folder}/*/report.html`)).toEqual([]);
  const finished = globSync(`${folder}/*/profiles/*.json`).map((path) => ({ path, at: statSync(path).mtimeMs }));
  expect(finished.length).toBeGreaterThan(0);

  const second = startDemoOn(databaseUrl, folder, ...options, ...beside);
  const lines = await readUntil(second, null);
  expect(await exitCodeOf(second)).toBe(0);
  expect(lines[0]).toMatch(/^Going on with run /);
  for (const { path, at } of finished) expect(statSync(path).mtimeMs).toBe(at);
  expect(globSync(`${folder}/*/profiles/*.json`)).toHaveLength(2);
  expect(globSync(`${folder}/*/report.html`)).toHaveLength(1);
  return lines;
}

describe("the demo", { timeout: 60_000 }, () => {
  it("publishes a report that tells the damaged dataset too, beside a shop in every state that needs a look", async () => {
    using folder = scratchFolder();
    const child = startDemo(folder.path, "--only", "cars,jobs", "--port", "0", "--keep");
    const lines = linesOf(child);
    const seen = new Set<string>();
    const states = ["running", "stale", "suspended", "scheduled", "succeeded", "cancelled", "queued"];
    const calls = ["host-lost", "schedule-missed", "unserved", "stale"];
    const missing = (): readonly string[] => [...states, ...calls].filter((word) => !seen.has(word));
    const look = async (): Promise<readonly string[]> => {
      const [, url] = /^Dashboard: (\S+)/m.exec(lines.join("\n")) ?? [];
      if (url === undefined) return missing();
      const overview = (await (await fetch(`${url}api/v1/overview`)).json()) as Seen;
      for (const { code } of overview.attention) seen.add(code);
      for (const [state, { count }] of Object.entries(overview.counts.byState)) if (count > 0) seen.add(state);
      return missing();
    };
    await expect.poll(look, { timeout: 40_000, interval: 500 }).toEqual([]);
    await expect.poll(() => lines.at(-1), { timeout: 20_000 }).toContain("until Ctrl-C");
    const [report = ""] = globSync(`${folder.path}/*/report.html`);
    const page = readFileSync(report, "utf8");
    expect(page).toContain("Cars of the 1970s");
    expect(page).toContain("jobs.json is damaged in row 4,757");
    expect(page).toContain("<b>Attempt 3</b>");
    child.kill("SIGINT");
    expect(await exitCodeOf(child)).toBe(0);
    expect(lines.filter((line) => /^Two centuries of jobs: (attempt|failed)/.test(line))).toHaveLength(3);
  });

  it("goes on after a kill without doing anything twice that was finished", async () => {
    using folder = scratchFolder();
    const lines = await killAndGoOn(folder.path, "", ["--port", "0"]);
    expect(lines.at(-1)).toContain("with --keep, or on a terminal, it stays open");
    expect(await countTasks({ driver: "sqlite", sqlite: { path: folder.file("tasks.sqlite") } })).toBe(3);
  });

  it("R58: does so on Postgres when DATABASE_URL names one, and makes no SQLite file", async () => {
    using folder = scratchFolder();
    await using database = await openDatabase();
    await killAndGoOn(folder.path, database.url, []);
    const postgres = { connectionString: database.url, schema: "millrace_demo" };
    expect(await countTasks({ driver: "postgres", postgres })).toBe(3);
    expect(existsSync(folder.file("tasks.sqlite"))).toBe(false);
  });

  it("says what is wrong with a DATABASE_URL", async () => {
    using folder = scratchFolder();
    const child = startDemoOn("mysql://localhost/shop", folder.path, "--only", "cars");
    expect(await exitCodeOf(child)).toBe(1);
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
