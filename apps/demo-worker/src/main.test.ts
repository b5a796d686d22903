import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createTaskClient, createTaskStore, type TaskStoreFactoryOptions } from "millrace";
import { afterEach, describe, expect, it } from "vitest";
import { scratchFolder } from "./files/scratch-folder.ts";
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

async function exitCodeOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode;
}

async function countTasks(options: TaskStoreFactoryOptions): Promise<number> {
  const store = createTaskStore(options);
  try {
    return (await createTaskClient({ store }).listTasks({})).snapshots.length;
  } finally {
    await store.close();
  }
}

/** Kills the demo once a dataset is done, starts it again, and looks that it went on from there. */
async function killAndGoOn(folder: string, databaseUrl: string): Promise<void> {
  const options = ["--only", "zipcodes,cars,penguins"];
  const killed = startDemoOn(databaseUrl, folder, ...options);
  await readUntil(killed, "done in");
  killed.kill("SIGKILL");
  await exitCodeOf(killed);
  expect(globSync(`${folder}/*/report.html`)).toEqual([]);
  const finished = globSync(`${folder}/*/profiles/*.json`).map((path) => ({ path, at: statSync(path).mtimeMs }));
  expect(finished.length).toBeGreaterThan(0);

  const second = startDemoOn(databaseUrl, folder, ...options);
  const lines = await readUntil(second, null);
  expect(await exitCodeOf(second)).toBe(0);
  expect(lines[0]).toMatch(/^Going on with run /);
  for (const { path, at } of finished) expect(statSync(path).mtimeMs).toBe(at);
  expect(globSync(`${folder}/*/profiles/*.json`)).toHaveLength(3);
  expect(globSync(`${folder}/*/report.html`)).toHaveLength(1);
}

describe("the demo", { timeout: 60_000 }, () => {
  it("publishes a report that tells the damaged dataset too", async () => {
    using folder = scratchFolder();
    const child = startDemo(folder.path, "--only", "cars,jobs", "--port", "0");
    const lines = await readUntil(child, null);
    expect(await exitCodeOf(child)).toBe(0);
    expect(lines.at(-1)).toContain("with --keep, or on a terminal, it stays open");
    expect(lines.filter((line) => /^Two centuries of jobs: (attempt|failed)/.test(line))).toHaveLength(3);
    const [report = ""] = globSync(`${folder.path}/*/report.html`);
    const page = readFileSync(report, "utf8");
    expect(page).toContain("Cars of the 1970s");
    expect(page).toContain("jobs.json is damaged in row 4,757");
    expect(page).toContain("<b>Attempt 3</b>");
  });

  it("shows a shop beside it in every state that needs a look, for as long as it is kept", async () => {
    using folder = scratchFolder();
    const child = startDemo(folder.path, "--only", "cars", "--port", "0", "--keep");
    const lines = await readUntil(child, "Dashboard: ");
    const [, url = ""] = /Dashboard: (\S+)/.exec(lines.at(-1) ?? "") ?? [];
    const rest = readUntil(child, null);
    const seen = new Set<string>();
    const states = ["running", "stale", "suspended", "scheduled", "succeeded", "cancelled", "queued"];
    const calls = ["host-lost", "schedule-missed", "unserved", "stale"];
    const missing = (): readonly string[] => [...states, ...calls].filter((word) => !seen.has(word));
    const look = async (): Promise<readonly string[]> => {
      const overview = (await (await fetch(`${url}api/v1/overview`)).json()) as Seen;
      for (const { code } of overview.attention) seen.add(code);
      for (const [state, { count }] of Object.entries(overview.counts.byState)) if (count > 0) seen.add(state);
      return missing();
    };
    await expect.poll(look, { timeout: 40_000, interval: 500 }).toEqual([]);
    child.kill("SIGINT");
    expect((await rest).some((line) => line.includes("until Ctrl-C"))).toBe(true);
    expect(await exitCodeOf(child)).toBe(0);
  });

  it("goes on after a kill without doing anything twice that was finished", async () => {
    using folder = scratchFolder();
    await killAndGoOn(folder.path, "");
    expect(await countTasks({ driver: "sqlite", sqlite: { path: folder.file("tasks.sqlite") } })).toBe(4);
  });

  it("R58: does so on Postgres when DATABASE_URL names one, and makes no SQLite file", async () => {
    using folder = scratchFolder();
    await using database = await openDatabase();
    await killAndGoOn(folder.path, database.url);
    const postgres = { connectionString: database.url, schema: "millrace_demo" };
    expect(await countTasks({ driver: "postgres", postgres })).toBe(4);
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
