import { parseArgs } from "node:util";
import { DashboardProblem } from "./start-dashboard.ts";

/** What the command line and the environment say. */
export interface Settings {
  readonly store: { readonly path: string } | { readonly connectionString: string; readonly schema: string };
  readonly hostname: string;
  readonly port: number;
  readonly token: string | null;
  readonly readOnly: boolean;
  /** Null = the audit is kept in memory. */
  readonly auditFile: string | null;
}

/** How it is used. */
export const usage = `Shows and changes the tasks of a store in a browser.

  --sqlite <file>    the SQLite file (default .millrace/tasks.sqlite)
  --schema <name>    the schema in Postgres (default millrace)
  --host <name>      where to listen (default 127.0.0.1; any other needs MILLRACE_TOKEN)
  --port <number>    which port (default 4777; 0 = any that is free)
  --read-only        changes nothing, whoever asks
  --audit <file>     keeps who changed what (default: beside the SQLite file; in memory for Postgres)
  --help             shows this

DATABASE_URL=postgres://…    the tasks are in that database instead of in a file
MILLRACE_TOKEN=…             who does not bring it is refused: the password in a browser, "Authorization: Bearer …" elsewhere
`;

/** Reads both; null = only the usage was asked for. @throws `DashboardProblem` */
export function readSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Settings | null {
  const values = parsed(args);
  if (values.help) return null;
  const connectionString = env["DATABASE_URL"] ?? "";
  const path = values.sqlite ?? ".millrace/tasks.sqlite";
  if (connectionString !== "" && values.sqlite !== undefined) {
    throw new DashboardProblem("--sqlite and DATABASE_URL were both given. Leave one out.");
  }
  const isFile = connectionString === "";
  return {
    store: isFile ? { path } : { connectionString, schema: values.schema ?? "millrace" },
    hostname: values.host ?? "127.0.0.1",
    port: portOf(values.port ?? "4777"),
    token: env["MILLRACE_TOKEN"] === undefined || env["MILLRACE_TOKEN"] === "" ? null : env["MILLRACE_TOKEN"],
    readOnly: values["read-only"] ?? false,
    auditFile: values.audit ?? (isFile ? `${path}.audit.jsonl` : null),
  };
}

function parsed(args: readonly string[]) {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const options = {
      sqlite: text,
      schema: text,
      host: text,
      port: text,
      audit: text,
      "read-only": flag,
      help: flag,
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new DashboardProblem(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new DashboardProblem(`--port must be a number from 0 to 65535, got ${JSON.stringify(text.slice(0, 40))}.`);
}
