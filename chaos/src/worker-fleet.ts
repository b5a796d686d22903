import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Violation } from "@millrace/conformance/invariants";
import { machineMs } from "./ledger.ts";

/** A moment at which a worker stopped to be one: killed, or stopped for longer than its lease. */
export interface Outage {
  readonly worker: string;
  readonly at: number;
}

/** How often each fault was done. */
export interface FaultCounts {
  kills: number;
  stops: number;
  restarts: number;
}

/** Processes of one sort, and the faults that befall them. */
export interface WorkerFleet {
  readonly outages: readonly Outage[];
  readonly counts: Readonly<FaultCounts>;
  /** Processes that ended by themselves, or would not end when asked to. */
  readonly violations: readonly Violation[];
  /** SIGKILL, and a new worker in its place. */
  kill(place: number): void;
  /** SIGSTOP for `forMs`, then SIGCONT. */
  stop(place: number, forMs: number): Promise<void>;
  /** SIGTERM, and a new worker once it has ended. */
  restart(place: number): Promise<void>;
  /** Tells every worker that its own troubles are over. */
  heal(): void;
  end(): Promise<void>;
}

/** What the processes are. */
export interface FleetOptions {
  /** What they are called, with a number behind. */
  readonly name: string;
  readonly size: number;
  readonly entry: URL;
  readonly folder: string;
  /** Passed to each after its folder and name. */
  readonly variant: string;
  readonly env: NodeJS.ProcessEnv;
}

/** How long a process may take to end in good order. */
const endWithinMs = 15_000;

/** Starts the processes, which say by a message when they can be ended; each writes what it prints into a file of the folder. */
export function startFleet({ name: prefix, size, entry, folder, variant, env }: FleetOptions): WorkerFleet {
  const outages: Outage[] = [];
  const violations: Violation[] = [];
  const counts: FaultCounts = { kills: 0, stops: 0, restarts: 0 };
  const names = new WeakMap<ChildProcess, string>();
  const up = new WeakMap<ChildProcess, Promise<unknown>>();
  const killed = new WeakSet<ChildProcess>();
  let started = 0;

  const accuse = (worker: ChildProcess, message: string): void =>
    void violations.push({ invariant: "I16", taskId: null, message: `${names.get(worker)} ${message}` });
  const begin = (): ChildProcess => {
    const name = `${prefix}-${started++}`;
    const log = openSync(join(folder, `${name}.log`), "a");
    const worker = fork(entry, [folder, name, variant], { env, stdio: ["ignore", log, log, "ipc"] });
    closeSync(log);
    names.set(worker, name);
    up.set(worker, new Promise((resolve) => worker.once("message", resolve)));
    worker.once("exit", (code, signal) => {
      if (!killed.has(worker) && code !== 0) accuse(worker, `ended with ${signal ?? `code ${code}`}, see its log`);
    });
    return worker;
  };
  const workers = Array.from({ length: size }, begin);
  // A stopped one would stay for ever.
  process.once("exit", () => workers.forEach(destroy));
  const at = (place: number): ChildProcess => {
    const worker = workers[place % size];
    if (!worker) throw new Error(`there is no worker ${place}`);
    return worker;
  };
  const note = (worker: ChildProcess): void => void outages.push({ worker: names.get(worker) ?? "", at: machineMs() });
  const destroy = (worker: ChildProcess): void => {
    killed.add(worker);
    worker.kill("SIGKILL");
  };
  const terminated = async (worker: ChildProcess): Promise<void> => {
    if (worker.exitCode !== null || worker.signalCode !== null) return;
    const exited = new Promise((resolve) => worker.once("exit", resolve));
    // Before it has said that it is up, SIGTERM would simply kill it.
    await Promise.race([up.get(worker), exited]);
    const timer = setTimeout(() => {
      accuse(worker, `did not end within ${endWithinMs} ms of SIGTERM`);
      destroy(worker);
    }, endWithinMs);
    worker.kill("SIGTERM");
    await exited;
    clearTimeout(timer);
  };

  return {
    outages,
    counts,
    violations,
    kill(place) {
      const worker = at(place);
      destroy(worker);
      note(worker);
      counts.kills += 1;
      workers[place % size] = begin();
    },
    async stop(place, forMs) {
      const worker = at(place);
      worker.kill("SIGSTOP");
      note(worker);
      counts.stops += 1;
      await new Promise((resolve) => setTimeout(resolve, forMs));
      worker.kill("SIGCONT");
    },
    async restart(place) {
      counts.restarts += 1;
      const worker = at(place);
      await terminated(worker);
      // It may have been killed, and another one begun, in the meantime.
      if (at(place) === worker) workers[place % size] = begin();
    },
    heal() {
      for (const worker of workers) worker.send("heal");
    },
    async end() {
      await Promise.all(workers.map(terminated));
    },
  };
}
