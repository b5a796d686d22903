import { parentPort, workerData } from "node:worker_threads";
import { chooseDriver } from "../driver/choose-driver.ts";
import type { CheckpointRequest, CheckpointThreadData } from "./checkpoint-thread.ts";

// The thread that copies the write-ahead log into the database, over a connection that does nothing else.
const { path, driver } = workerData as CheckpointThreadData;
const database = chooseDriver(driver).open({ path, readOnly: false });
database.exec("pragma busy_timeout = 0; pragma cache_size = -64");
const look = database.prepare("pragma wal_checkpoint(noop)");
// Passive: it waits for no reader and no writer, and none of them for it.
const copy = database.prepare("pragma wal_checkpoint(passive)");

// Fewer are not worth the two waits for the disk.
const fewestPages = 200;

parentPort?.on("message", (request: CheckpointRequest) => {
  if (request === "close") {
    database.close();
    parentPort?.close();
    return;
  }
  const [, inLog, copied] = look.get() ?? [];
  if (Number(inLog) - Number(copied) >= fewestPages) copy.get();
  parentPort?.postMessage("looked");
});
