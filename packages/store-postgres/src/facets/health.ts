import type { HealthFinding, HorizonHolder, LookOptions, StoreHealth, TableHealth } from "@millrace/models";
import { deepFrozen } from "@millrace/store-sql";
import { databaseNow } from "../connection/clock-sql.ts";
import type { Row, Session, Sql } from "../connection/session.ts";
import { numberOf, numberOrNull, textOrNull } from "../row/task-row.ts";
import { lookAtSchema, type SchemaPlace } from "../schema/look-at-schema.ts";

/** A horizon that is held for less long, or over fewer transactions, harms nobody. */
const longMs = 60_000;
const manyTransactions = 10_000;
/** Where the store may not know for how long, the transactions alone decide. */
const veryManyTransactions = 50_000;
/** So many dead rows, and more of them than live ones, mean that vacuum does not keep up. */
const manyDeadRows = 100_000;

// What everybody may see of the sessions of others: process, name, and how far back they look. The rest is null then.
const selectHolder: Sql = () => `
select * from (
  select 'session' as type, a.pid, a.application_name as name, a.usename::text as usename, a.state,
    floor(extract(epoch from clock_timestamp() - a.xact_start) * 1000)::bigint as age_ms,
    greatest(age(a.backend_xmin), age(a.backend_xid)) as age
  from pg_stat_activity a
  where (a.datname = current_database() or a.datid is null) and a.pid <> pg_backend_pid()
    and coalesce(a.backend_type, '') <> 'autovacuum worker' and (a.backend_xmin is not null or a.backend_xid is not null)
  union all
  select 'prepared-transaction', null, p.gid, p.owner::text, 'prepared',
    floor(extract(epoch from clock_timestamp() - p.prepared) * 1000)::bigint, age(p.transaction)
  from pg_prepared_xacts p where p.database = current_database()
  union all
  select 'replication-slot', s.active_pid, s.slot_name::text, null, case when s.active then 'active' else 'inactive' end, null,
    age(s.xmin)
  from pg_replication_slots s where s.xmin is not null) z
order by z.age desc, z.pid limit 1`;

const selectTables: Sql = () => `
select t.relname, t.n_live_tup, t.n_dead_tup,
  floor(extract(epoch from greatest(t.last_vacuum, t.last_autovacuum)) * 1000)::bigint as vacuumed_at, ${databaseNow} as now
from pg_stat_all_tables t where t.relid in (select to_regclass(name) from unnest($1::text[]) name) order by t.relname`;

/** Who keeps dead rows alive, and how many there are; when it is to be thorough, also what is missing. */
export async function lookAtHealth(
  session: Session,
  place: SchemaPlace,
  { thorough = false }: LookOptions = {},
): Promise<StoreHealth> {
  const [row] = await session.run(selectHolder);
  const rows = await session.run(selectTables, [tablesOf(session)]);
  const horizon = row ? holderOf(row) : null;
  const tables = rows.map(tableOf);
  const findings = [...findingsOf(horizon, tables), ...(thorough ? await lookAtSchema(session, place) : [])];
  return deepFrozen({ horizon, tables, findings });
}

/** The tables that hold rows; the journal is a ring of parts. */
export function tablesOf({ names: { event, ...others } }: Session): readonly string[] {
  return [...Object.values(others), ...Array.from({ length: 8 }, (_, part) => `${event}_${part}`)];
}

function holderOf([type, pid, name, user, state, ageMs, age]: Row): HorizonHolder {
  return {
    type: type as HorizonHolder["type"],
    pid: numberOrNull(pid),
    name: textOrNull(name) ?? "",
    user: textOrNull(user),
    state: textOrNull(state),
    ageMs: numberOrNull(ageMs),
    ageTransactions: numberOf(age),
  };
}

function tableOf([name, live, dead, vacuumedAt]: Row): TableHealth {
  const [liveRows, deadRows] = [numberOf(live), numberOf(dead)];
  return { name: String(name), liveRows, deadRows, vacuumedAt: numberOrNull(vacuumedAt) };
}

/** What somebody should do something about. */
export function findingsOf(horizon: HorizonHolder | null, tables: readonly TableHealth[]): readonly HealthFinding[] {
  if (horizon && isHarmful(horizon)) {
    const message = `${nameOf(horizon)} keeps Postgres from removing dead rows: every claim and list has to step over them.`;
    return [{ code: "HORIZON_HELD", message, fix: fixOf(horizon) }];
  }
  return tables
    .filter(({ liveRows, deadRows }) => deadRows >= manyDeadRows && deadRows > liveRows)
    .map(({ name, deadRows }) => ({
      code: "DEAD_ROWS",
      message: `The table ${name} holds about ${deadRows} dead rows: autovacuum does not keep up.`,
      fix: `Run \`vacuum ${name}\` now; let autovacuum work harder (autovacuum_vacuum_cost_limit, autovacuum_max_workers).`,
    }));
}

function isHarmful({ ageMs, ageTransactions }: HorizonHolder): boolean {
  if (ageMs === null) return ageTransactions >= veryManyTransactions;
  return ageMs >= longMs && ageTransactions >= manyTransactions;
}

function nameOf({ type, pid, name, user, state, ageMs, ageTransactions }: HorizonHolder): string {
  const since = ageMs === null ? "" : ` for ${Math.round(ageMs / 1_000)} s`;
  const reach = `which looks back over ${ageTransactions} transactions`;
  if (type === "session") {
    const who = user === null ? "" : ` of ${user}`;
    return `The session with pid ${pid ?? "?"} ("${name}"${who}), ${state ?? "open"}${since}, ${reach},`;
  }
  const what = type === "prepared-transaction" ? "prepared transaction" : "replication slot";
  return `The ${what} "${name}", ${state ?? "open"}${since}, ${reach},`;
}

function fixOf({ type, pid, name }: HorizonHolder): string {
  switch (type) {
    case "session":
      return `Let it commit or roll back; \`select pg_terminate_backend(${pid ?? "pid"})\` ends it. The setting idle_in_transaction_session_timeout ends such sessions by itself.`;
    case "prepared-transaction":
      return `End it with \`commit prepared '${name}'\` or \`rollback prepared '${name}'\`.`;
    case "replication-slot":
      return `Bring its reader back, or drop it with \`select pg_drop_replication_slot('${name}')\`.`;
  }
}
