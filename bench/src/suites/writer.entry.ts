import { type Durability, noop, openStore, plainRequest } from "./millrace-parts.ts";

// One of two processes that write to one file.
const [folder, durability, seconds] = process.argv.slice(2);
if (!folder) throw new Error("a writer needs a folder");
const store = openStore(folder, durability as Durability);
const waits: number[] = [];
const end = performance.now() + Number(seconds) * 1_000;
while (performance.now() < end) {
  const tasks = Array.from({ length: 50 }, () => plainRequest(noop.kind));
  const begun = performance.now();
  await store.enqueue([{ tasks }]);
  waits.push(performance.now() - begun);
}
await store.close();
process.send?.({ waits }, () => process.exit(0));
