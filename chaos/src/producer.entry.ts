import { createSeededRandom } from "@millrace/models";
import { openStore, ownAddress } from "./database/database-address.ts";
import { openLedger } from "./ledger.ts";
import { produce } from "./producer.ts";

// A second producer, in a process of its own: it will be killed in the middle of its calls.
const [folder, name, seed] = process.argv.slice(2);
if (!folder || !name) throw new Error("a producer needs a folder and a name");
const store = openStore(ownAddress());
let isOver = false;
const end = (): void => {
  isOver = true;
};
process.once("SIGTERM", end);
process.once("disconnect", end);
process.send?.("up");
await produce({
  store,
  // Another sequence after every kill.
  random: createSeededRandom(Number(seed) + process.pid),
  write: openLedger(folder, name),
  everyMs: 120,
  until: () => isOver,
});
await store.close();
process.disconnect?.();
