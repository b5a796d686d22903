import { fillShop, openShop } from "./dashboard-http-parts.ts";

// Fills the store of a shop and ends: the memory it takes is nobody else's.
const [folder = "", postgresUrl = "", count] = process.argv.slice(2);
const store = openShop(folder, postgresUrl);
await fillShop(store, Number(count));
await store.close();
process.exit(0);
