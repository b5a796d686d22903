import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Figures } from "./suite.ts";

/** What the measuring process sends back. */
export type VariantReply =
  | { readonly type: "figures"; readonly figures: Figures }
  | { readonly type: "failed"; readonly stack: string };

/** Measures one variant in a process and a folder of its own. */
export async function runVariant(asked: {
  readonly suite: string;
  readonly variant: string;
  readonly scale: number;
  readonly under: string;
}): Promise<Figures> {
  const folder = await mkdtemp(join(asked.under, "bench-"));
  try {
    const entry = new URL("./variant.entry.ts", import.meta.url);
    const argv = [asked.suite, asked.variant, String(asked.scale), folder];
    const child = fork(entry, argv, { execArgv: [...process.execArgv, "--expose-gc"] });
    const reply = await new Promise<VariantReply>((resolve, reject) => {
      child.once("message", (message) => resolve(message as VariantReply));
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        reject(new Error(`${asked.suite} / ${asked.variant} ended without figures (${signal ?? code})`));
      });
    });
    child.kill("SIGKILL");
    if (reply.type === "failed") throw new Error(`${asked.suite} / ${asked.variant}:\n${reply.stack}`);
    return reply.figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
