export { storePostgres } from "./store-postgres.ts";
