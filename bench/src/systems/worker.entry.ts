import { type SystemName, systems } from "./all-systems.ts";
import type { WorkerReply } from "./worker-process.ts";

// A process of workers: it says when it is ready, begins when it is told to, and tells how far it is.
const [name, address, concurrency] = process.argv.slice(2);
if (!name || !address || !(name in systems)) throw new Error("a worker needs a system and an address");
const system = systems[name as SystemName];

let handled = 0;
let told = 0;
const tell = (reply: WorkerReply): void => void process.send?.(reply);

process.once("message", () => {
  void (async () => {
    const queue = await system.open(address);
    setInterval(() => {
      if (handled === told) return;
      told = handled;
      tell({ type: "handled", handled });
    }, 5);
    await queue.work(Number(concurrency), () => {
      handled += 1;
    });
  })();
});
tell({ type: "ready" });
