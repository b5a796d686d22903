import type { Random } from "@millrace/models";
import type { DatabaseAddress } from "./database-address.ts";

/** What befell the database itself, in the words of a report. */
export type DatabaseFaults = readonly string[];

/** The database of a run. */
export interface ChaosDatabase {
  /** What it is called in a report. */
  readonly title: string;
  /** Where it is. */
  readonly direct: DatabaseAddress;
  /** The same by the way on which hosts and producers reach it, and on which bytes may be lost. */
  readonly troubled: DatabaseAddress;
  /** Where nothing has been yet; another place for each number. */
  empty(n: number): DatabaseAddress;
  /** About how long making the tables takes, in ms. */
  readonly migrationMs: number;
  /** Whether the journal tells everything in the order of the commits, and not just what concerns one task. */
  readonly isJournalInOrder: boolean;
  /** Lets the database and the way to it fail until told to stop; in the end both are as they should be. */
  befall(random: Random, until: () => boolean): Promise<DatabaseFaults>;
  stop(): Promise<void>;
}
