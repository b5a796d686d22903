import { type ChildProcess, fork } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a host in a process of its own is made of. */
export interface PodHostOptions {
  readonly connectionString: string;
  readonly schema: string;
  /** null = it belongs to no pod. */
  readonly podId: string | null;
  readonly concurrency: number;
  readonly leaseMs: number;
  /** A host that missed three of them counts as gone. @defaultValue 500 */
  readonly heartbeatMs?: number;
  /** @defaultValue the host's own */
  readonly sweepIntervalMs?: number;
  /** Its runs end only when they are aborted; else each ends at once, with the host's id. */
  readonly isEndless: boolean;
}

/** What such a host says. */
export type PodHostMessage =
  | { readonly type: "up"; readonly hostId: string }
  | { readonly type: "begin"; readonly taskId: string }
  | { readonly type: "aborted"; readonly taskId: string; readonly why: string }
  | { readonly type: "log"; readonly message: string };

/** Such a host, from outside. */
export interface PodHost extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly said: readonly PodHostMessage[];
  /** Waits until it has said enough. @throws when it ends before */
  until(isEnough: (said: readonly PodHostMessage[]) => boolean): Promise<void>;
  /** Ends it without a word. */
  kill(): Promise<void>;
  /** Lets it end in order. */
  end(): Promise<void>;
}

/** Starts one. */
export function startPodHost(options: PodHostOptions): PodHost {
  // Kept compiled, a process that starts from source is up in half the time.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "millrace-test-cache") };
  const child = fork(new URL("./pod-host-process.ts", import.meta.url), [JSON.stringify(options)], { env });
  const said: PodHostMessage[] = [];
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const listeners = new Set<() => void>();
  child.on("message", (message) => {
    said.push(message as PodHostMessage);
    for (const listener of listeners) listener();
  });

  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  return {
    process: child,
    said,
    kill,
    async until(isEnough) {
      const enough = new Promise<true>((resolve) => {
        const look = (): void => {
          if (isEnough(said)) resolve(true);
        };
        listeners.add(look);
        look();
      });
      const isSo = await Promise.race([enough, exited]);
      if (isSo !== true) throw new Error(`the host ended; it said ${JSON.stringify(said)}`);
    },
    async end() {
      child.send("end");
      await exited;
    },
    [Symbol.asyncDispose]: kill,
  };
}
