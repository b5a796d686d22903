import { join } from "node:path";
import Database from "better-sqlite3";
import { better, defineQueue, type Queue } from "plainjob";
import type { Durability } from "./millrace-parts.ts";

const quiet = { error() {}, warn() {}, info() {}, debug() {} };

/** A plainjob queue with its own settings (WAL, `synchronous` NORMAL), or with FULL for a fair match. */
export function openPlainjob(folder: string, durability: Durability): Queue {
  const database = new Database(join(folder, "plainjob.sqlite"));
  const queue = defineQueue({ connection: better(database), logger: quiet });
  if (durability === "full") database.pragma("synchronous = FULL");
  return queue;
}

export { quiet as quietLogger };
