import type { CallerTransaction } from "../../caller/caller-transaction.ts";

/** Inserts a row of the caller's own, in the words of its library. */
export type InsertOrder = (item: string) => Promise<void>;

/** How a program uses its library: the same for all of them, so that one test is for all. */
export interface CallerLibrary {
  readonly name: string;
  /** Opens the library on a database; its orders are in the table `orders` of the schema. */
  open(connectionString: string, schema: string): OpenLibrary;
}

/** A library with its connections. */
export interface OpenLibrary {
  /** Runs `work` in a transaction, which commits when that resolves and rolls back when it rejects. */
  transaction<Answer>(work: (tx: CallerTransaction, insertOrder: InsertOrder) => Promise<Answer>): Promise<Answer>;
  /** What the library offers outside of a transaction. */
  readonly outside: unknown;
  close(): Promise<void>;
}
