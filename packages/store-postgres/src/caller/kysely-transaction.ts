import { type CallerQuery, hasMethods } from "./caller-query.ts";

/** What Kysely makes of SQL text. */
interface KyselyQuery {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly query: {
    readonly kind: "RawNode";
    readonly sqlFragments: readonly string[];
    readonly parameters: readonly never[];
  };
  readonly queryId: { readonly queryId: string };
}

/** A `Transaction` or `ControlledTransaction` of Kysely. */
export interface KyselyTransaction {
  readonly isTransaction: true;
  withoutPlugins(): Pick<KyselyTransaction, "executeQuery">;
  executeQuery(query: KyselyQuery): Promise<{ readonly rows: readonly unknown[] }>;
}

/** The statements of a transaction of Kysely. */
export function kyselyQuery(tx: object): CallerQuery | null {
  if (!hasMethods(tx, "executeQuery", "withoutPlugins")) return null;
  // A plugin may rename columns, or parse what looks like JSON.
  const kysely = (tx as KyselyTransaction).withoutPlugins();
  return async (sql, parameters) => {
    const query = { kind: "RawNode", sqlFragments: [sql], parameters: [] } as const;
    const queryId = { queryId: crypto.randomUUID() };
    return (await kysely.executeQuery({ sql, parameters, query, queryId })).rows;
  };
}
