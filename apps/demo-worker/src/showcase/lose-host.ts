import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { HostOptions } from "millrace";

const entry = fileURLToPath(new URL("doomed-host.entry.ts", import.meta.url));

/** Starts a host in a process of its own, and kills it with a task in its hands. */
export async function loseHost(place: Pick<HostOptions, "path" | "postgres">, signal: AbortSignal): Promise<void> {
  const child = fork(entry, [JSON.stringify(place)], { stdio: "ignore", killSignal: "SIGKILL", signal });
  // An abort kills it too; that is told as an error.
  child.on("error", () => {});
  const taken = once(child, "message");
  await Promise.race([taken, once(child, "exit")]).catch(() => {});
  child.kill("SIGKILL");
}
