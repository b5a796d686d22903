import type { CursorsFacet, EventCursor } from "@millrace/models";
import { deepFrozen } from "@millrace/store-sql";
import type { Engine } from "../connection/engine.ts";
import type { Sql } from "../connection/session.ts";
import { numberOf } from "../row/task-row.ts";
import { nowSql } from "../connection/clock-sql.ts";

const selectCursor: Sql = (n) => `select cursor from ${n.cursor} where consumer = $1`;
const putCursor: Sql = (n) => `
insert into ${n.cursor} (consumer, cursor, saved_at) values ($1, $2, ${nowSql(3)})
on conflict (consumer) do update set cursor = excluded.cursor, saved_at = excluded.saved_at`;
const selectCursors: Sql = (n) => `select consumer, cursor, saved_at from ${n.cursor} order by consumer`;
const dropCursor: Sql = (n) => `delete from ${n.cursor} where consumer = $1`;

/** Durable places of journal readers. */
export function createCursors(engine: Engine): CursorsFacet {
  const run = (sql: Sql, values: readonly unknown[]): Promise<readonly (readonly unknown[])[]> =>
    engine.quietly((session) => session.run(sql, values));
  return {
    load: async (consumer) => ((await run(selectCursor, [consumer]))[0]?.[0] as EventCursor | undefined) ?? null,
    save: async (consumer, cursor) => void (await run(putCursor, [consumer, cursor, engine.now])),
    list: async () => {
      const rows = await run(selectCursors, []);
      return deepFrozen(
        rows.map(([consumer, cursor, savedAt]) => {
          return { consumer: String(consumer), cursor: String(cursor), savedAt: numberOf(savedAt) };
        }),
      );
    },
    forget: async (consumer) => void (await run(dropCursor, [consumer])),
  };
}
