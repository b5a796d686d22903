import type { EpochMs } from "@millrace/models";
import type { Connection } from "../connection/connection.ts";

/** What reading needs: a connection, and the moment at which states are told. */
export interface StoreReader {
  readonly connection: Connection;
  readonly now: EpochMs;
}
