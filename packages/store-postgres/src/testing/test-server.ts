import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Account, findBinaries, freePort, type PostgresRelease, serverAccount } from "./server-place.ts";

/** How a server goes down: `fast` in good order, `immediate` as in a crash. */
export type StopMode = "fast" | "immediate";

/** What a server of our own is to be. */
export interface TestServerOptions {
  /** @defaultValue 18, or what MILLRACE_POSTGRES says */
  readonly release?: PostgresRelease;
  /** What is acknowledged reaches the disk. @defaultValue false */
  readonly isDurable?: boolean;
  /** More settings, as `name=value`. */
  readonly settings?: readonly string[];
  /** The folder that its own is made in. @defaultValue the system's for temporary files */
  readonly under?: string;
}

/** A Postgres of our own, out of npm packages. */
export interface TestServer {
  /** Where its superuser finds the first database. */
  readonly url: string;
  /** Stops it and starts it again on the same data; `between` runs while nobody listens. */
  readonly restart: (mode?: StopMode, between?: () => Promise<void>) => Promise<void>;
  /** Starts it again as one that only follows another: it answers reads and refuses writes. */
  readonly demote: () => Promise<void>;
  /** Makes it a primary again, while it runs. */
  readonly promote: () => void;
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

const settings = ["max_connections=120", "shared_buffers=128MB", "max_wal_size=2GB"];
// Nothing of a test must outlive it, so nothing has to reach the disk.
const hasty = ["fsync=off", "full_page_writes=off"];

// Stops the server and removes its folder when whoever started it is gone, however it went: then its standard input ends.
const guard = `
const [stop, folder, options] = process.argv.slice(1).map((text) => JSON.parse(text));
process.stdin.resume().on("end", () => {
  require("node:child_process").spawnSync(stop[0], stop.slice(1), options);
  require("node:fs").rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});`;

/** Starts a server on a free port. As root it runs as the system's `nobody`, because Postgres refuses root. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const port = await freePort();
  const speed = options.isDurable === true ? [] : hasty;
  const own = [`port=${port}`, "unix_socket_directories=", ...settings, ...speed, ...(options.settings ?? [])];
  const place = makePlace(own, options);
  const guarding = startGuard(place);
  initialise(place);
  let server = await startServer(place);
  const halt = async (mode: StopMode): Promise<void> => {
    runProgram(stopCommandOf(place, mode), place.account);
    await server.exited;
  };
  const restart: TestServer["restart"] = async (mode = "fast", between) => {
    await halt(mode);
    await between?.();
    server = await startServer(place);
  };
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    restart,
    demote: () => restart("fast", async () => writeFileSync(join(place.data, "standby.signal"), "")),
    promote: () =>
      runProgram([join(place.bin, "pg_ctl"), "promote", "--wait", `--pgdata=${place.data}`], place.account),
    stop: async () => {
      // It may be down, or on its way.
      const [program = "", ...stopping] = stopCommandOf(place, "fast");
      spawnSync(program, stopping, { ...place.account, windowsHide: true });
      await server.exited;
      rmSync(place.folder, { recursive: true, force: true, maxRetries: 5 });
      guarding.kill();
    },
  };
}

function usualRelease(): PostgresRelease {
  return process.env["MILLRACE_POSTGRES"] === "15" ? 15 : 18;
}

/** A folder of its own, with an empty one in it for the account that the server runs as. */
function makePlace(own: readonly string[], options: TestServerOptions): ServerPlace {
  const release = options.release ?? usualRelease();
  const folder = mkdtempSync(join(options.under ?? tmpdir(), "millrace-postgres-"));
  const account = serverAccount();
  const data = join(folder, "data");
  chmodSync(folder, 0o755);
  mkdirSync(data, { mode: 0o700 });
  if (account.uid !== undefined && account.gid !== undefined) chownSync(data, account.uid, account.gid);
  const postgresFlags = own.flatMap((setting) => ["-c", setting]);
  return { folder, data, bin: reachableBinaries(folder, { account, release }), account, postgresFlags };
}

function startGuard(place: ServerPlace): ChildProcess {
  const told = [stopCommandOf(place, "fast"), place.folder, place.account].map((argument) => JSON.stringify(argument));
  const guarding = spawn(process.execPath, ["-e", guard, ...told], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guarding.unref();
  return guarding;
}

function stopCommandOf({ bin, data }: ServerPlace, mode: StopMode): readonly string[] {
  return [join(bin, "pg_ctl"), "stop", `--mode=${mode}`, "--wait", "--silent", `--pgdata=${data}`];
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
function reachableBinaries(
  folder: string,
  { account, release }: { readonly account: Account; readonly release: PostgresRelease },
): string {
  const native = findBinaries(release);
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
      // Only the end: while it recovers it tells of everybody whom it sends away.
      told = `${told}${text}`.slice(-10_000);
      if (/ready to accept (read-only )?connections/.test(told)) resolve({ exited });
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`Postgres ended with ${String(code)}: ${told}`)));
  });
}
