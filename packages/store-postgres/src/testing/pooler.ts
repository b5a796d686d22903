import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort, serverAccount } from "./server-place.ts";

/** A pgbouncer that hands out connections by the transaction. */
export interface Pooler {
  /** The way to the same database through it. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** The program; null when this machine has none. Debian puts it where only administrators look. */
export function findPooler(): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const program = folders.map((folder) => join(folder, "pgbouncer"));
  return program.find((path) => spawnSync(path, ["--version"]).status === 0) ?? null;
}

/** Starts one with fewer connections to the server than a store has to it, so that they are passed round. */
export async function startPooler(program: string, serverUrl: string): Promise<Pooler> {
  const { hostname, port: serverPort, username, password, pathname } = new URL(serverUrl);
  const folder = mkdtempSync(join(tmpdir(), "millrace-pooler-"));
  const account = serverAccount();
  const port = await freePort();
  const database = pathname.slice(1);
  const config = join(folder, "pgbouncer.ini");
  const lines = [
    "[databases]",
    `${database} = host=${hostname} port=${serverPort} dbname=${database} user=${username} password=${password}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${port}`,
    "unix_socket_dir =",
    "auth_type = any",
    "pool_mode = transaction",
    "default_pool_size = 2",
    "max_client_conn = 100",
  ];
  writeFileSync(config, `${lines.join("\n")}\n`);
  chmodSync(folder, 0o755);
  if (account.uid !== undefined && account.gid !== undefined) chownSync(config, account.uid, account.gid);
  const pooler = spawn(program, [config], { ...account, stdio: ["ignore", "ignore", "pipe"] });
  // However the tests end, it ends with them.
  const kill = (): void => void pooler.kill("SIGKILL");
  process.once("exit", kill);
  await ready(pooler);
  return {
    url: `postgres://${username}@127.0.0.1:${port}/${database}`,
    stop: async () => {
      const exited = new Promise((resolve) => pooler.once("exit", resolve));
      kill();
      await exited;
      process.off("exit", kill);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ready(pooler: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let told = "";
    pooler.stderr?.setEncoding("utf8").on("data", (text: string) => {
      told = `${told}${text}`.slice(-10_000);
      if (told.includes("process up")) resolve();
    });
    pooler.once("error", reject);
    pooler.once("exit", (code) => reject(new Error(`pgbouncer ended with ${String(code)}: ${told}`)));
  });
}
