import { fill, openStore } from "./millrace-parts.ts";

// Fills a store and ends: the memory it takes is nobody else's.
const [folder, count] = process.argv.slice(2);
if (!folder) throw new Error("fill needs a folder");
const store = openStore(folder, "normal");
await fill(store, Number(count));
await store.close();
process.exit(0);
