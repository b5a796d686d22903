import type Database from "better-sqlite3";

/** One call of a prepared statement, or of `exec`. */
export interface RecordedCall {
  readonly sql: string;
  readonly method: "run" | "get" | "all" | "exec";
  readonly mode: "rows" | "pluck" | "raw";
  readonly values: readonly unknown[];
}

/**
 * Notes every statement a program runs on a connection, with its values, so that the bare database can be made to do
 * exactly the same work again without the program: what is left is the limit of that design on this machine.
 */
export function recordCalls(database: Database.Database): RecordedCall[] {
  const calls: RecordedCall[] = [];
  const prepare = database.prepare.bind(database);
  const exec = database.exec.bind(database);
  database.exec = (sql) => {
    calls.push({ sql, method: "exec", mode: "rows", values: [] });
    return exec(sql);
  };
  database.prepare = ((sql: string) => {
    const statement = prepare(sql);
    let mode: RecordedCall["mode"] = "rows";
    for (const method of ["run", "get", "all"] as const) {
      const original = statement[method].bind(statement);
      Object.assign(statement, {
        [method]: (...values: unknown[]) => {
          calls.push({ sql, method, mode, values });
          return original(...values);
        },
      });
    }
    for (const name of ["pluck", "raw"] as const) {
      const original = statement[name].bind(statement);
      Object.assign(statement, {
        [name]: (on = true) => {
          mode = on ? name : "rows";
          original(on);
          return statement;
        },
      });
    }
    return statement;
  }) as typeof database.prepare;
  return calls;
}

/**
 * Runs recorded calls on a bare connection; each statement is prepared once, outside the time, and so are the first `before` calls.
 * Answers seconds.
 */
export function replayCalls(database: Database.Database, calls: readonly RecordedCall[], before: number): number {
  const statements = new Map<string, Database.Statement>();
  const runs = calls.map(({ sql, method, mode, values }) => {
    if (method === "exec") {
      // A transaction's own words are cheaper as statements, and every sensible loop would prepare them.
      const statement = statements.get(sql) ?? database.prepare(sql);
      statements.set(sql, statement);
      return () => statement.run();
    }
    const key = `${mode} ${sql}`;
    const statement = statements.get(key) ?? prepared(database, sql, mode);
    statements.set(key, statement);
    return () => statement[method](...values);
  });
  for (const run of runs.slice(0, before)) run();
  const measured = runs.slice(before);
  const begun = performance.now();
  for (const run of measured) run();
  return (performance.now() - begun) / 1_000;
}

function prepared(database: Database.Database, sql: string, mode: RecordedCall["mode"]): Database.Statement {
  const statement = database.prepare(sql);
  if (mode === "pluck") statement.pluck();
  if (mode === "raw") statement.raw();
  return statement;
}
