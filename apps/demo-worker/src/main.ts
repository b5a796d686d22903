import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createHost, type HostOptions, isTaskError } from "millrace";
import type { Dataset } from "./datasets/dataset.ts";
import { selectDatasets } from "./datasets/select-datasets.ts";
import { runDemo } from "./run/run-demo.ts";
import { profileTask } from "./tasks/profile-task.ts";
import { publishTask } from "./tasks/publish-task.ts";
import { createTerminal } from "./terminal/create-terminal.ts";

const usage = `Profiles public datasets as background tasks and publishes one HTML report.

  --fresh           begin a new run even when the last one has no report yet
  --folder <path>   where store and runs are kept (default .millrace/demo)
  --only <names>    profile only these datasets, separated by commas
  --help            show this

DATABASE_URL=postgres://… keeps the tasks in that database, in the schema millrace_demo, instead of in a SQLite file.
`;

const { values } = parseArgs({
  options: {
    fresh: { type: "boolean", default: false },
    folder: { type: "string", default: join(".millrace", "demo") },
    only: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) process.stdout.write(usage);
else {
  const selected = selectDatasets(values.only);
  process.exitCode = await main(resolve(values.folder), values.fresh, selected).catch(sayTrouble);
}

async function main(folder: string, isFresh: boolean, selected: readonly Dataset[] | string): Promise<number> {
  if (typeof selected === "string") {
    process.stderr.write(`${selected}\n`);
    return 2;
  }
  const terminal = createTerminal(process.stdout, process.env);
  const stop = new AbortController();
  // The first Ctrl-C ends the watching, and the host gives its tasks back; a second one ends the process at once.
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const host = createHost({
    ...storePlace(folder),
    tasks: [profileTask, publishTask],
    // Short, so that a start after a kill soon takes over what the killed process held.
    leaseMs: 3000,
    heartbeatMs: 1000,
    sweepIntervalMs: 1000,
  });
  try {
    const end = await runDemo({ host, terminal, folder, datasets: selected, isFresh, signal: stop.signal });
    terminal.restore();
    if (end === "stopped") terminal.say("\nStopped. Start the demo again and it goes on where it was.");
    return end === "published" ? 0 : end === "failed" ? 20 : 130;
  } finally {
    terminal.restore();
    await host.close({ graceMs: 1000 });
  }
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
