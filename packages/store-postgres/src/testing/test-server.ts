import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Account, findBinaries, freePort, serverAccount } from "./server-place.ts";

/** A Postgres of our own, out of npm packages. */
export interface TestServer {
  /** Where its superuser finds the first database. */
  readonly url: string;
  /** Stops it and starts it again on the same data. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

interface ServerPlace {
  readonly folder: string;
  readonly data: string;
  /** The folder of the programs. */
  readonly bin: string;
  readonly account: Account;
  readonly postgresFlags: readonly string[];
}

// Nothing of a test must outlive it, so nothing has to reach the disk.
const flags = ["fsync=off", "full_page_writes=off", "max_connections=120", "shared_buffers=128MB", "max_wal_size=2GB"];

// Stops the server and removes its folder when whoever started it is gone, however it went: then its standard input ends.
const guard = `
const [stop, folder, options] = process.argv.slice(1).map((text) => JSON.parse(text));
process.stdin.resume().on("end", () => {
  require("node:child_process").spawnSync(stop[0], stop.slice(1), options);
  require("node:fs").rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});`;

/** Starts a server on a free port. As root it runs as the system's `nobody`, because Postgres refuses root. */
export async function startTestServer(moreFlags: readonly string[] = []): Promise<TestServer> {
  const port = await freePort();
  const place = makePlace([`port=${port}`, ...flags, ...moreFlags, "unix_socket_directories="]);
  const guarding = startGuard(place);
  initialise(place);
  let server = await startServer(place);
  const stop = async (): Promise<void> => {
    runProgram(stopCommandOf(place), place.account);
    await server.exited;
  };
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    restart: async () => {
      await stop();
      server = await startServer(place);
    },
    stop: async () => {
      await stop();
      rmSync(place.folder, { recursive: true, force: true, maxRetries: 5 });
      guarding.kill();
    },
  };
}

/** A folder of its own, with an empty one in it for the account that the server runs as. */
function makePlace(settings: readonly string[]): ServerPlace {
  const folder = mkdtempSync(join(tmpdir(), "millrace-postgres-"));
  const account = serverAccount();
  const data = join(folder, "data");
  chmodSync(folder, 0o755);
  mkdirSync(data, { mode: 0o700 });
  if (account.uid !== undefined && account.gid !== undefined) chownSync(data, account.uid, account.gid);
  const postgresFlags = settings.flatMap((setting) => ["-c", setting]);
  return { folder, data, bin: reachableBinaries(folder, account), account, postgresFlags };
}

function startGuard(place: ServerPlace): ChildProcess {
  const told = [stopCommandOf(place), place.folder, place.account].map((argument) => JSON.stringify(argument));
  const guarding = spawn(process.execPath, ["-e", guard, ...told], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guarding.unref();
  return guarding;
}

function stopCommandOf({ bin, data }: ServerPlace): readonly string[] {
  return [join(bin, "pg_ctl"), "stop", "--mode=fast", "--wait", "--silent", `--pgdata=${data}`];
}

function initialise({ folder, data, bin, account }: ServerPlace): void {
  const password = join(folder, "password");
  writeFileSync(password, "postgres\n");
  chmodSync(password, 0o644);
  const into = [`--pgdata=${data}`, `--pwfile=${password}`];
  const how = ["--username=postgres", "--auth=password", "--no-sync", "--encoding=UTF8", "--locale=C"];
  runProgram([join(bin, "initdb"), ...into, ...how], account);
}

/** Where the programs are; a copy, when the account may not enter the folder that this repository is in. */
function reachableBinaries(folder: string, account: Account): string {
  const native = findBinaries();
  const { status } = spawnSync(join(native, "bin", "postgres"), ["--version"], account);
  if (status === 0) return join(native, "bin");
  const copy = join(folder, "native");
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}

function runProgram([program = "", ...programArguments]: readonly string[], account: Account): void {
  const { status, error, stderr } = spawnSync(program, programArguments, {
    ...account,
    encoding: "utf8",
    windowsHide: true,
  });
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}: ${error?.message ?? stderr}`);
}

/** A server that takes connections. */
interface RunningServer {
  readonly exited: Promise<void>;
}

function startServer({ bin, data, account, postgresFlags }: ServerPlace): Promise<RunningServer> {
  const server = spawn(join(bin, "postgres"), ["-D", data, ...postgresFlags], {
    ...account,
    stdio: ["ignore", "ignore", "pipe"],
    windowsHide: true,
  });
  const exited = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  return new Promise((resolve, reject) => {
    let told = "";
    server.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (told.length < 10_000) told += text;
      if (told.includes("ready to accept connections")) resolve({ exited });
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`Postgres ended with ${String(code)}: ${told}`)));
  });
}
