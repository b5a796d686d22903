import { monitorEventLoopDelay } from "node:perf_hooks";
import { parentPort, workerData } from "node:worker_threads";

// A thread that does nothing: what its loop is held up, the machine has done. Any word ends a watch, is answered by its longest block in
// ms, and begins the next.
const block = monitorEventLoopDelay({ resolution: Number(workerData) });
block.enable();
parentPort?.on("message", () => {
  parentPort?.postMessage(block.max / 1e6);
  block.reset();
});
