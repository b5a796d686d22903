// Runs every example as a reader would: its own `start` script. An example passes when it ends by itself with code 0. Those
// that need a Postgres get the one of DATABASE_URL, or one that is started for them as the tests start theirs.
import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { readWorkspaces, ROOT } from "./workspace/read-workspace.ts";

interface TestServers {
  readonly startTestServer: () => Promise<{ readonly url: string; readonly stop: () => Promise<void> }>;
}

const LIMIT_MS = 60_000;
const BUN = "packages/executor-child-process/src/testing/bun-path.ts";
const SERVERS = "packages/store-postgres/src/testing/test-server.ts";
// Bun runs what Node would run, but for the examples that are tests.
const bun = process.argv.includes("--bun") ? await findBun() : null;
const wanted = process.argv.slice(2).filter((word) => word !== "--bun");

const examples = readWorkspaces()
  .filter(({ folder }) => folder.startsWith("examples/"))
  .filter(({ folder }) => wanted.length === 0 || wanted.includes(folder.slice("examples/".length)))
  .filter(({ manifest }) => bun === null || !manifest.scripts?.["start"]?.includes("vitest "));

const needsServer = !process.env["DATABASE_URL"] && examples.some(({ manifest }) => manifest.dependencies?.["pg"]);
const server = needsServer ? await startServer() : null;

const failures = examples.filter(({ folder, manifest }) => {
  const start = manifest.scripts?.["start"];
  if (start === undefined) {
    console.error(`FAILED ${folder}: no "start" script`);
    return true;
  }
  const startedAt = performance.now();
  const run = spawnSync(bun === null ? start : onBun(start, bun), {
    cwd: `${ROOT}/${folder}`,
    shell: true,
    encoding: "utf8",
    env: server ? { ...process.env, DATABASE_URL: server.url } : process.env,
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  const isOk = run.status === 0;
  console.log(`${isOk ? "ok    " : "FAILED"} ${folder} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (!isOk) console.error(`${run.stdout}${run.stderr}${run.error?.message ?? ""}`);
  return !isOk;
});
await server?.stop();

console.log(`${examples.length - failures.length} of ${examples.length} examples ran${bun === null ? "" : " on Bun"}`);
if (failures.length > 0) process.exitCode = 1;

async function startServer(): ReturnType<TestServers["startTestServer"]> {
  const servers = (await import(pathToFileURL(`${ROOT}/${SERVERS}`).href)) as TestServers;
  return servers.startTestServer();
}

/** The same script with Bun for Node. By its own name: called `node` it would not know the conditions of exports. */
function onBun(script: string, path: string): string {
  return script.replaceAll(/\bnode (?=[.\-\w])/g, () => `${JSON.stringify(path)} `);
}

/** The Bun that was installed with the tools, or the one of this machine. */
async function findBun(): Promise<string> {
  const { bunPath } = (await import(pathToFileURL(`${ROOT}/${BUN}`).href)) as { readonly bunPath: () => string | null };
  return bunPath() ?? "bun";
}
