import { CamelCasePlugin, type Generated, Kysely, ParseJSONResultsPlugin, PostgresDialect } from "kysely";
import { Pool } from "pg";
import type { CallerLibrary } from "./caller-library.ts";

interface Database {
  readonly orders: { readonly id: Generated<number>; readonly item: string };
}

/** Kysely with plugins that change what rows look like. */
export const kyselyLibrary: CallerLibrary = {
  name: "Kysely",
  open(connectionString, schema) {
    const pool = new Pool({ connectionString, max: 2 });
    const plugins = [new CamelCasePlugin(), new ParseJSONResultsPlugin()];
    const kysely = new Kysely<Database>({ dialect: new PostgresDialect({ pool }), plugins });
    return {
      transaction: (work) =>
        kysely
          .transaction()
          .execute((tx) =>
            work(
              tx,
              async (item) => void (await tx.withSchema(schema).insertInto("orders").values({ item }).execute()),
            ),
          ),
      outside: kysely,
      close: () => kysely.destroy(),
    };
  },
};
