import { ownAddress, prepareSchema } from "./database/database-address.ts";

// Makes the schema; it will be killed at any moment of it.
const address = ownAddress();
process.send?.("begins");
await prepareSchema(address);
process.disconnect?.();
