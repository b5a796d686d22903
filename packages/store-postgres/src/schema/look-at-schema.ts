import type { HealthFinding } from "@millrace/models";
import { madeBy, type MadePart } from "@millrace/store-sql";
import type { Session, Sql } from "../connection/session.ts";
import { migrations } from "./migrations.generated.ts";

/** Where the tables of a store are. */
export interface SchemaPlace {
  readonly schema: string;
  readonly prefix: string;
}

// An index that is being built right now is not valid yet, and nobody has to do anything about it.
const selectParts: Sql = () => `
select t.relname, c.relname,
  i.indisvalid or exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid)
from pg_class t
join pg_namespace s on s.oid = t.relnamespace
left join pg_index i on i.indrelid = t.oid
left join pg_class c on c.oid = i.indexrelid
where s.nspname = $1 and t.relname = any($2::text[])
order by t.relname, c.relname`;

/** Compares tables and indexes with what the migrations make. */
export async function lookAtSchema(session: Session, place: SchemaPlace): Promise<readonly HealthFinding[]> {
  const made = madeBy(migrations, place.prefix);
  const names = made.flatMap(({ type, name }) => (type === "table" ? [name] : []));
  const rows = await session.run(selectParts, [place.schema, names]);
  const known = new Set(rows.flatMap(([table, index]) => [String(table), String(index)]));
  const invalid = rows.flatMap(([table, index, isValid]) =>
    isValid === false ? [invalidIndex(place, String(table), String(index))] : [],
  );
  return [...made.filter(({ name }) => !known.has(name)).map((part) => missing(place, part)), ...invalid];
}

function missing({ schema }: SchemaPlace, { type, name, statement }: MadePart): HealthFinding {
  if (type === "table") {
    return {
      code: "TABLE_MISSING",
      message: `The table "${schema}".${name} is not there: what needs it fails.`,
      fix: "Restore it from a backup: made anew it would be empty, and the store's other tables tell of its rows.",
    };
  }
  // The journal is in parts, and an index over parts can only be made in one go.
  const how = statement.includes("_event (") ? "index" : "index concurrently";
  const made = statement.replace("index", how).replace(" on ", ` on "${schema}".`);
  return {
    code: "INDEX_MISSING",
    message: `The index "${schema}".${name} is not there: what looks through it reads the whole table.`,
    fix: `Run \`${made}\`.`,
  };
}

/** What a `concurrently` that was broken off leaves behind has a name of its own, and nobody misses it. */
const leftBehind = /_cc(?:new|old)\d*$/;

function invalidIndex({ schema }: SchemaPlace, table: string, index: string): HealthFinding {
  const verb = leftBehind.test(index) ? "drop" : "reindex";
  return {
    code: "INDEX_INVALID",
    message: `The index "${schema}"."${index}" of ${table} is not valid: every write keeps it up, and no read uses it.`,
    fix: `Run \`${verb} index concurrently "${schema}"."${index}"\`; tasks go on meanwhile.`,
  };
}
