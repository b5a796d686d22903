import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { LeftOutError } from "../harness/left-out-error.ts";
import type { Prepared } from "./queue-system.ts";

/** Starts a Redis that writes an append-only file and syncs it every second, as BullMQ advises for production. */
export async function startRedis(folder: string): Promise<Prepared> {
  if (spawnSync("redis-server", ["--version"]).status !== 0) {
    throw new LeftOutError("there is no redis-server on this machine (Debian: apt-get install redis-server)");
  }
  const port = await freePort();
  const durability = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""];
  const where = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  const server = spawn("redis-server", [...where, ...durability, "--maxmemory-policy", "noeviction"]);
  const exited = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    server.stdout.on("data", (text: Buffer) => {
      if (text.includes("Ready to accept connections")) resolve();
    });
    server.once("exit", (code) => reject(new Error(`redis-server ended with ${String(code)}`)));
  });
  return {
    address: `redis://127.0.0.1:${port}`,
    remove: async () => {
      server.kill();
      await exited;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
