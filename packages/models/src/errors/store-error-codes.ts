import type { ErrorCodeEntry } from "./error-code-entry.ts";

/** The code of what is wrong with a database or a transaction. */
export type StoreErrorCode =
  | "TX_UNSUPPORTED"
  | "TX_ASYNC"
  | "STORE_CLOSED"
  | "STORE_BUSY"
  | "STORE_READ_ONLY"
  | "STORE_FULL"
  | "STORE_CORRUPT"
  | "STORE_PATH_INVALID"
  | "STORE_SCHEMA_NEWER"
  | "STORE_SCHEMA_OLDER"
  | "STORE_SCHEMA_FOREIGN"
  | "STORE_SECOND_WRITER"
  | "STORE_UNAVAILABLE"
  | "DRIVER_MISSING"
  | "DRIVER_UNSUPPORTED"
  | "NAME_INVALID"
  | "MIGRATION_FAILED";

/** What can be wrong with a database or a transaction. */
export const storeErrorCodes: Readonly<Record<StoreErrorCode, ErrorCodeEntry>> = {
  TX_UNSUPPORTED: {
    status: 400,
    retryable: false,
    summary: "This store cannot work inside the given transaction.",
    fix: "Pass the transaction object of the database the store uses.",
  },
  TX_ASYNC: {
    status: 400,
    retryable: false,
    summary: "A synchronous transaction met something asynchronous.",
    fix: "Use a synchronous schema and codec, or enqueue outside the transaction.",
  },
  STORE_CLOSED: {
    status: 503,
    retryable: false,
    summary: "The store has been closed.",
    fix: "Make a new one.",
  },
  STORE_BUSY: {
    status: 503,
    retryable: true,
    summary: "The database stayed locked by another writer for too long.",
    fix: "Try again; look for long transactions of other programs on this file.",
  },
  STORE_READ_ONLY: {
    status: 503,
    retryable: false,
    summary: "The database cannot be written.",
    fix: "Check the rights of the file and its directory, and whether the disk was remounted read-only.",
  },
  STORE_FULL: {
    status: 507,
    retryable: true,
    summary: "The disk, or the database, is full.",
    fix: "Free some space; nothing acknowledged was lost, and the host goes on by itself.",
  },
  STORE_CORRUPT: {
    status: 500,
    retryable: false,
    summary: "The database file is damaged or is no SQLite database.",
    fix: "Stop all hosts, restore a backup, or recover the file with `sqlite3 … .recover`.",
  },
  STORE_PATH_INVALID: {
    status: 400,
    retryable: false,
    summary: "The database file cannot be opened.",
    fix: "Create the directory, or correct the path and its rights.",
  },
  STORE_SCHEMA_NEWER: {
    status: 500,
    retryable: false,
    summary: "The database was migrated by a newer version of Millrace.",
    fix: "Update this host.",
  },
  STORE_SCHEMA_OLDER: {
    status: 500,
    retryable: false,
    summary: "The database has not been migrated to this version.",
    fix: "Call `prepare…TaskStoreSchema`, or leave `migrate` at its default.",
  },
  STORE_SCHEMA_FOREIGN: {
    status: 500,
    retryable: false,
    summary: "A table of another program has the name of one of ours.",
    fix: "Choose another `tablePrefix`, or move the other table.",
  },
  STORE_SECOND_WRITER: {
    status: 500,
    retryable: false,
    summary: "Another process writes this file, and this SQLite version can corrupt it then.",
    fix: "Update better-sqlite3 so that SQLite is 3.51.3 or newer (not 3.52.0), or run one process.",
  },
  STORE_UNAVAILABLE: {
    status: 503,
    retryable: true,
    summary: "The database did not answer.",
    fix: "Check that it runs and can be reached; hosts go on by themselves once it does.",
  },
  DRIVER_MISSING: {
    status: 500,
    retryable: false,
    summary: "No driver for this database is installed.",
    fix: "Install the package named in the message.",
  },
  DRIVER_UNSUPPORTED: {
    status: 500,
    retryable: false,
    summary: "The driver or runtime is too old for this.",
    fix: "Update to the version named in the message.",
  },
  NAME_INVALID: {
    status: 400,
    retryable: false,
    summary: "A table prefix or schema name is no plain identifier.",
    fix: "Use lower-case letters, digits and underscores, starting with a letter or underscore, at most 41 characters.",
  },
  MIGRATION_FAILED: {
    status: 500,
    retryable: false,
    summary: "A migration could not be applied; nothing of it was kept.",
    fix: "See `cause`; correct the reason and start again.",
  },
};
