/** What a store keeps its tasks in, as far as it can tell. */
export interface StorageReport {
  /** `memory`, `sqlite`, `postgres`, or the word of whoever wrote the store. */
  readonly type: string;
  /** Of the database, as it says it itself; null = there is none. */
  readonly version: string | null;
  /** Of the tables as they stand now, whoever made them; null = there are none. */
  readonly schemaVersion: number | null;
  /** What the code of this process is written for; null as above. */
  readonly schemaNeeded: number | null;
  /** What tables and indexes take up, with the room that is free in them; null = not known. */
  readonly sizeBytes: number | null;
}

/** Tells what a store keeps its tasks in. */
export interface StorageFacet {
  read(): Promise<StorageReport>;
}
