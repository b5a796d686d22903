import { fork } from "node:child_process";
import { once } from "node:events";

/** A host in a process of its own, from outside. */
export interface RecoveryHost {
  /** When each of its runs began, in ms of this process' clock. */
  readonly begunAt: readonly number[];
  /** Waits for that many runs. @throws when the process ends before */
  readonly begun: (count: number) => Promise<void>;
  /** SIGKILL. */
  readonly kill: () => Promise<void>;
}

/** Starts one with the default settings; `held`: its runs never end. */
export async function startRecoveryHost(connectionString: string, mode: "held" | "quick"): Promise<RecoveryHost> {
  const child = fork(new URL("./recovery-host.entry.ts", import.meta.url), [connectionString, mode]);
  const begunAt: number[] = [];
  const ended = once(child, "exit");
  child.on("message", (message) => {
    if (message === "begun") begunAt.push(performance.now());
  });
  const next = async (): Promise<void> => {
    await Promise.race([once(child, "message"), ended]);
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("a host ended by itself");
  };
  await next();
  return {
    begunAt,
    begun: async (count) => {
      while (begunAt.length < count) await next();
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
