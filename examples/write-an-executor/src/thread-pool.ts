import { Worker } from "node:worker_threads";

/** A place to run in. */
export interface ThreadPool {
  take(): Promise<Worker>;
  /** `isSound`: it may be used again. */
  giveBack(thread: Worker, isSound: boolean): Promise<void>;
  close(): Promise<void>;
}

/** At most `size` threads at once. Idle ones do not keep the process alive. */
export function createThreadPool(size: number): ThreadPool {
  const idle = new Set<Worker>();
  const waiting: (() => void)[] = [];
  let free = size;

  const start = (): Worker => {
    const thread = new Worker(new URL("./thread.entry.ts", import.meta.url));
    thread.on("error", () => {}); // an exit follows
    thread.on("exit", () => idle.delete(thread));
    return thread;
  };
  return {
    async take() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      const [thread = start()] = idle;
      idle.delete(thread);
      thread.ref();
      return thread;
    },
    async giveBack(thread, isSound) {
      if (isSound) {
        thread.unref();
        idle.add(thread);
      } else await thread.terminate();
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    },
    async close() {
      await Promise.all([...idle].map((thread) => thread.terminate()));
    },
  };
}
