import { isTaskError, TaskError } from "@millrace/models";

/** What SQLite says went wrong, whichever driver says it. */
export function sqliteCode(error: unknown): string | null {
  if (typeof error !== "object" || error === null) return null;
  const code: unknown = Reflect.get(error, "code");
  if (typeof code === "string" && code.startsWith("SQLITE_")) return code;
  // node:sqlite says ERR_SQLITE_ERROR and gives the number.
  const number: unknown = Reflect.get(error, "errcode");
  if (typeof number === "number") return names.get(number & 255) ?? "SQLITE_ERROR";
  return null;
}

const names: ReadonlyMap<number, string> = new Map([
  [5, "SQLITE_BUSY"],
  [6, "SQLITE_LOCKED"],
  [8, "SQLITE_READONLY"],
  [10, "SQLITE_IOERR"],
  [11, "SQLITE_CORRUPT"],
  [13, "SQLITE_FULL"],
  [14, "SQLITE_CANTOPEN"],
  [26, "SQLITE_NOTADB"],
]);

/** Whether another writer holds the lock: the same call may succeed in a moment. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== null && (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED"));
}

type Told = Pick<TaskError, "code" | "message">;

/** The one border at which what a driver throws becomes a `TaskError`; what is one already stays as it is. */
export function storeError(error: unknown, path: string): TaskError {
  if (isTaskError(error)) return error;
  const { code, message } = told(sqliteCode(error), path, error);
  return new TaskError(code, message, { cause: error, details: { path, sqlite: sqliteCode(error) } });
}

function told(code: string | null, path: string, error: unknown): Told {
  const text = error instanceof Error ? error.message : String(error);
  const is = (name: string): boolean => code?.startsWith(`SQLITE_${name}`) ?? false;
  if (is("BUSY") || is("LOCKED")) {
    return { code: "STORE_BUSY", message: `${path} stayed locked by another writer.` };
  }
  if (is("READONLY")) return { code: "STORE_READ_ONLY", message: `${path} cannot be written: ${text}.` };
  if (is("FULL")) return { code: "STORE_FULL", message: `${path} cannot grow: ${text}.` };
  if (is("NOTADB")) return { code: "STORE_CORRUPT", message: `${path} is no SQLite database.` };
  if (is("CORRUPT")) return { code: "STORE_CORRUPT", message: `${path} is damaged: ${text}.` };
  if (is("CANTOPEN") || is("PERM") || is("AUTH")) {
    return { code: "STORE_PATH_INVALID", message: `${path} cannot be opened: ${text}.` };
  }
  if (is("IOERR")) return { code: "STORE_UNAVAILABLE", message: `${path} cannot be read or written: ${text}.` };
  return { code: "INTERNAL", message: code === null ? text : `SQLite refused a statement: ${text}` };
}
