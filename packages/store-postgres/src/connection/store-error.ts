import { isTaskError, TaskError, type ErrorCode } from "@millrace/models";

/** The five characters of SQLSTATE, or the code of a failed system call; null when it is neither. */
function postgresCode(error: unknown): string | null {
  if (typeof error !== "object" || error === null) return null;
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" ? code : null;
}

/** What every statement says behind one that failed in the same transaction. */
export function isAborted(error: unknown): boolean {
  return postgresCode(error) === "25P02";
}

/** Whether a key was taken already. */
export function isTaken(error: unknown): boolean {
  return postgresCode(error) === "23505";
}

/** Whether the same transaction, begun again, may succeed: a deadlock, a serialization failure, an id taken meanwhile. */
export function isWorthRepeating(error: unknown): boolean {
  const code = postgresCode(error);
  return code === "40P01" || code === "40001" || isTaken(error);
}

/**
 * Whether the connection is of no use any more: also one to a server that is the primary no longer, and one whose statements
 * were prepared for tables that have changed.
 */
export function isSpoilt(error: unknown): boolean {
  const code = postgresCode(error);
  return code === "25006" || code === "0A000" || isConnectionLost(error);
}

/** Whether the server did not answer, or said good-bye. */
export function isConnectionLost(error: unknown): boolean {
  const code = postgresCode(error);
  if (isTaskError(error)) return false;
  // Of the server's last word, and of the system's calls, one of whose codes, EPIPE, looks like a SQLSTATE.
  if (error instanceof Error && (Reflect.get(error, "severity") === "FATAL" || "syscall" in error)) return true;
  if (code === null) return error instanceof Error && /connection|timeout|terminated/i.test(error.message);
  return code.startsWith("08") || code.startsWith("57P") || !/^[0-9A-Z]{5}$/.test(code);
}

/** Whether the server, its state or its rights stood in the way, and not what it was asked. */
export function isOfTheServer(error: unknown): boolean {
  return told(error, "").code !== "INTERNAL" && known(error) !== missingTable;
}

interface Told {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix?: string;
}

/** The one border at which what `pg` throws becomes a `TaskError`; what is one already stays as it is. */
export function storeError(error: unknown, where: string): TaskError {
  if (isTaskError(error)) return error;
  const { code, message, fix } = told(error, where);
  const details = { database: where, sqlState: postgresCode(error) };
  return new TaskError(code, message, { cause: error, details, ...(fix === undefined ? {} : { fix }) });
}

function told(error: unknown, where: string): Told {
  const text = error instanceof Error && error.message !== "" ? error.message : String(error);
  const found = known(error);
  if (found) return { code: found.code, message: `${where} ${found.says}: ${text}.`, ...pick(found.fix) };
  if (isConnectionLost(error)) return { code: "STORE_UNAVAILABLE", message: `${where} did not answer: ${text}.` };
  return { code: "INTERNAL", message: `Postgres refused a statement: ${text}` };
}

function known(error: unknown): Known | undefined {
  const code = postgresCode(error) ?? "";
  const text = error instanceof Error ? error.message : "";
  if (text.startsWith("unsupported startup parameter")) return withoutPooler;
  if (text.startsWith("cached plan must not change")) return changedTables;
  return byState[code] ?? byState[code.slice(0, 2)];
}

function pick(fix: string | undefined): { readonly fix?: string } {
  return fix === undefined ? {} : { fix };
}

interface Known {
  readonly code: ErrorCode;
  readonly says: string;
  readonly fix?: string;
}

const refusedLogin: Known = {
  code: "STORE_UNAVAILABLE",
  says: "refused the login",
  fix: "Correct user and password in the connection string, or the server's pg_hba.conf.",
};
const readOnly: Known = {
  code: "STORE_READ_ONLY",
  says: "cannot be written",
  fix: "Connect to the primary server (`target_session_attrs=read-write`), or wait until this one is promoted.",
};
const withoutPooler: Known = {
  code: "OPTION_INVALID",
  says: "is behind a pooler that hands out connections by the transaction",
  fix: 'Say pooler: "transaction", and give `listen` an address that leads past the pooler.',
};
const changedTables: Known = {
  code: "STORE_UNAVAILABLE",
  says: "has other tables than it had when the connection was opened, which is replaced",
};
const missingTable: Known = {
  code: "STORE_SCHEMA_OLDER",
  says: "lacks a table of Millrace",
};

const byState: Readonly<Record<string, Known>> = {
  "28000": refusedLogin,
  "28P01": refusedLogin,
  "3D000": {
    code: "STORE_UNAVAILABLE",
    says: "has no such database",
    fix: "Create the database, or correct its name in the connection string.",
  },
  "42501": {
    code: "STORE_READ_ONLY",
    says: "does not give this user the right",
    fix: "Grant CREATE on the schema for the migration, SELECT, INSERT, UPDATE, DELETE, TRUNCATE on its tables, and SELECT, UPDATE on its sequences.",
  },
  "25006": readOnly,
  // A statement that was prepared on a connection which somebody else has now.
  "26000": withoutPooler,
  "42P05": withoutPooler,
  "42P01": missingTable,
  "42703": missingTable,
  "55P03": { code: "STORE_BUSY", says: "kept a row locked for too long" },
  "57014": { code: "STORE_BUSY", says: "took too long" },
  "53100": { code: "STORE_FULL", says: "has no room left" },
  "53300": {
    code: "STORE_UNAVAILABLE",
    says: "takes no more connections",
    fix: "Raise max_connections, lower the option `connections`, or put a pooler between.",
  },
  "57P03": { code: "STORE_UNAVAILABLE", says: "is starting up or shutting down" },
  "40": { code: "STORE_BUSY", says: "had to give way to another transaction again and again" },
  "53": { code: "STORE_FULL", says: "ran out of a resource" },
  XX: { code: "STORE_CORRUPT", says: "reports damage" },
};
