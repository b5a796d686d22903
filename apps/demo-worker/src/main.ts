import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createHost, type HostOptions, isTaskError } from "millrace";
import type { Dataset } from "./datasets/dataset.ts";
import { selectDatasets } from "./datasets/select-datasets.ts";
import { runDemo } from "./run/run-demo.ts";
import { showBeside, type Beside } from "./showcase/show-beside.ts";
import { profileTask } from "./tasks/profile-task.ts";
import { publishTask } from "./tasks/publish-task.ts";
import { createTerminal } from "./terminal/create-terminal.ts";

const usage = `Profiles public datasets as background tasks and publishes one HTML report; a dashboard shows that, and a shop beside it.

  --fresh           begin a new run even when the last one has no report yet
  --folder <path>   where store and runs are kept (default .millrace/demo)
  --only <names>    profile only these datasets, separated by commas
  --keep            keep the dashboard open until Ctrl-C, also where there is no terminal
  --no-dashboard    only the work and its report
  --port <number>   where the dashboard is (default 4777, or any free one when that is taken)
  --help            show this

DATABASE_URL=postgres://… keeps the tasks in that database, in the schema millrace_demo, instead of in a SQLite file.
`;

const { values } = parseArgs({
  options: {
    fresh: { type: "boolean", default: false },
    folder: { type: "string", default: join(".millrace", "demo") },
    only: { type: "string" },
    keep: { type: "boolean", default: process.stdout.isTTY && (process.env["CI"] ?? "") === "" },
    "no-dashboard": { type: "boolean", default: false },
    port: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) process.stdout.write(usage);
else {
  const selected = selectDatasets(values.only);
  process.exitCode = await main(resolve(values.folder), values.fresh, selected).catch(sayTrouble);
}

async function main(folder: string, isFresh: boolean, selected: readonly Dataset[] | string): Promise<number> {
  const port = portOf(values.port);
  if (typeof selected === "string" || typeof port === "string") {
    process.stderr.write(`${typeof selected === "string" ? selected : String(port)}\n`);
    return 2;
  }
  const terminal = createTerminal(process.stdout, process.env);
  const signal = stopSignal();
  const place = storePlace(folder);
  const host = createHost({
    ...place,
    tasks: [profileTask, publishTask],
    label: "demo-1",
    // Short, so that a start after a kill soon takes over what the killed process held.
    leaseMs: 3000,
    heartbeatMs: 1000,
    sweepIntervalMs: 1000,
  });
  const beside: Beside[] = [];
  const onStarted = (startedAt: number): void => {
    if (!values["no-dashboard"]) beside.push(showBeside({ place, startedAt, port, terminal }));
  };
  try {
    const end = await runDemo({ host, terminal, folder, datasets: selected, isFresh, signal, onStarted });
    terminal.restore();
    if (end === "stopped") terminal.say("\nStopped. Start the demo again and it goes on where it was.");
    else for (const one of beside) await one.stay({ isKept: values.keep, signal });
    return end === "published" ? 0 : end === "failed" ? 20 : 130;
  } finally {
    terminal.restore();
    for (const one of beside) await one.close();
    await host.close({ graceMs: 1000 });
  }
}

/** Aborts with the first Ctrl-C, upon which the host gives its tasks back; a second one ends the process at once. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return stop.signal;
}

/** The port that was asked for, null for the usual one, or what is wrong with it. */
function portOf(text: string | undefined): number | string | null {
  if (text === undefined) return null;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : `--port must be a number from 0 to 65535, got ${JSON.stringify(text)}.`;
}

/** Where the tasks are kept: reports and results are files in any case. */
function storePlace(folder: string): Pick<HostOptions, "path" | "postgres"> {
  const connectionString = process.env["DATABASE_URL"];
  if (!connectionString) return { path: join(folder, "tasks.sqlite") };
  return { postgres: { connectionString, schema: "millrace_demo" } };
}

/** The exit code, after what is wrong with the database was said. Anything else is a mistake of the demo's own. */
function sayTrouble(error: unknown): number {
  if (!isTaskError(error)) throw error;
  process.stderr.write(`${String(error)}\n`);
  return 1;
}
