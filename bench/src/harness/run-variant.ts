import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import type { BenchPostgres } from "./bench-postgres.ts";
import type { Figures } from "./suite.ts";

/** What the measuring process sends back. */
export type VariantReply =
  | { readonly type: "figures"; readonly figures: Figures }
  | { readonly type: "left-out"; readonly why: string }
  | { readonly type: "failed"; readonly stack: string };

/** Measures one variant in a process and a folder of its own; answers why when it cannot be measured here. */
export async function runVariant(asked: {
  readonly suite: string;
  readonly variant: string;
  readonly scale: number;
  readonly under: string;
  readonly postgres: BenchPostgres | null;
}): Promise<Figures | string> {
  const folder = await mkdtemp(join(asked.under, "bench-"));
  const postgresUrl = (await asked.postgres?.createDatabase()) ?? "";
  try {
    const entry = new URL("./variant.entry.ts", import.meta.url);
    const argv = [asked.suite, asked.variant, String(asked.scale), folder, postgresUrl];
    const child = fork(entry, argv, { execArgv: [...process.execArgv, "--expose-gc"] });
    const reply = await new Promise<VariantReply>((resolve, reject) => {
      child.once("message", (message) => resolve(message as VariantReply));
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        reject(new Error(`${asked.suite} / ${asked.variant} ended without figures (${signal ?? code})`));
      });
    });
    child.removeAllListeners("exit").kill("SIGKILL");
    await once(child, "exit");
    if (reply.type === "failed") throw new Error(`${asked.suite} / ${asked.variant}:\n${reply.stack}`);
    return reply.type === "left-out" ? reply.why : reply.figures;
  } finally {
    await asked.postgres?.dropDatabases();
    await rm(folder, { recursive: true, force: true });
  }
}
