import { parentPort, workerData } from "node:worker_threads";
import { openReader } from "../connection/open-connection.ts";
import { storeError } from "../connection/store-error.ts";
import { tableNames } from "../connection/table-names.ts";
import { chooseDriver } from "../driver/choose-driver.ts";
import { answerRead } from "./read-request.ts";
import type { ReaderThreadData, ThreadAnswer, ThreadRequest } from "./reader-thread.ts";

// The thread that does reads which may be slow, over a connection that can only read.
const { path, driver, tablePrefix, cacheBytes } = workerData as ReaderThreadData;
const connection = openReader({ path, driver: chooseDriver(driver), names: tableNames(tablePrefix), cacheBytes });

const answer = (message: ThreadAnswer): void => parentPort?.postMessage(message);

parentPort?.on("message", ({ id, now, request }: ThreadRequest) => {
  try {
    answer({ id, answer: answerRead({ connection, now }, request) });
  } catch (error) {
    const { code, message, details } = storeError(error, path);
    answer({ id, error: { code, message, details } });
  }
});
