import { type HealthFinding, isTaskError, type LookOptions, type StoreHealth } from "@millrace/models";
import { deepFrozen, madeBy } from "@millrace/store-sql";
import type { Connection } from "../connection/connection.ts";
import { migrations } from "../schema/migrations.generated.ts";

/** What is known without looking: the file is tidied up by whoever writes to it, so there is nobody to name. */
export const nothingFound: StoreHealth = deepFrozen({ horizon: null, tables: [], findings: [] });

const mostMessages = 5;

/** Compares tables and indexes with what the migrations make; reads every page of the file if it is to be `thorough`. */
export function lookAtHealth(connection: Connection, { thorough = false }: LookOptions = {}): readonly HealthFinding[] {
  const { database, names } = connection;
  const prefix = names.meta.slice(0, -"meta".length);
  const known = new Set(
    database
      .prepare("select name from sqlite_schema")
      .all()
      .map(([name]) => name),
  );
  const missing = madeBy(migrations, prefix).filter(({ name }) => !known.has(name));
  const messages = thorough ? database.prepare(`pragma quick_check(${mostMessages})`).all().map(String) : [];
  return [
    ...(messages.length === 0 || messages[0] === "ok" ? [] : [damaged(messages.join("; "))]),
    ...missing.map(({ type, name, statement }) =>
      type === "table" ? missingTable(name) : missingIndex(name, statement),
    ),
  ];
}

/** The finding of a file that could not even be looked through. @throws any other failure again */
export function damageOf(error: unknown): readonly HealthFinding[] {
  if (isTaskError(error, "STORE_CORRUPT")) return [damaged(error.message)];
  throw error;
}

function damaged(what: string): HealthFinding {
  return {
    code: "FILE_DAMAGED",
    message: `The database file is damaged: ${what.replaceAll(/\s+/g, " ").slice(0, 500)}`,
    fix: "Stop every host and keep a copy of the file with its -wal. Then restore a backup; without one, `sqlite3 FILE .recover | sqlite3 NEW` saves what can still be read.",
  };
}

function missingTable(name: string): HealthFinding {
  return {
    code: "TABLE_MISSING",
    message: `The table ${name} is not there: what needs it fails.`,
    fix: "Restore the file from a backup: made anew it would be empty, and the store's other tables tell of its rows.",
  };
}

function missingIndex(name: string, statement: string): HealthFinding {
  return {
    code: "INDEX_MISSING",
    message: `The index ${name} is not there: what looks through it reads the whole table.`,
    fix: `Run \`${statement}\`.`,
  };
}
