import {
  buildTaskAggregateSnapshot,
  parseTaskFilter,
  type TaskAggregateSnapshot,
  type TaskCount,
  type TaskFilter,
  taskStates,
  type TaskStatus,
  taskStatuses,
} from "@millrace/models";
import { deepFrozen, statusOfCode } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { SqliteValue } from "../driver/sqlite-database.ts";
import { code, notDueAgain } from "../row/task-flags.ts";
import { journalEnd } from "./journal-place.ts";
import { listBranches } from "./list-branches.ts";
import { whereOf } from "./read-tasks.ts";
import type { StoreReader } from "./store-reader.ts";

// Counting more rows than this one by one takes too long for a page that people wait for.
const cap = 10_000;

const selectFallenDue: Sql = (n) => `
select t.failures > 0, t.tenant_id, d.kind from ${n.due} d join ${n.task} t on t.seq = d.seq
where d.kind = ? and d.due_at <= ? limit ?`;
const selectStale: Sql = (n) => `
select t.status, t.tenant_id, t.kind from ${n.task} t indexed by ${n.task}_lease
join ${n.loose} x on x.seq = t.seq
where t.lease_expires_at is not null and json_extract(x.loose, '$.staleAt') is not null`;

/** How many tasks of a filter stand where: from counters where the filter asks for no more than they know. */
export function readAggregate(reader: StoreReader, asked: TaskFilter): TaskAggregateSnapshot {
  const filter = parseTaskFilter(asked);
  const { tenantId: _tenantId, kinds: _kinds, statuses: _statuses, ...rest } = filter;
  return deepFrozen(Object.keys(rest).length === 0 ? fromCounters(reader, filter) : fromRows(reader, filter));
}

/** Numbers on their way; a number that is only a lower bound is marked. */
class Tally {
  readonly #counts = new Map<string, number>();
  readonly #inexact = new Set<string>();

  add(name: string, n: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + n);
  }

  markInexact(name: string): void {
    this.#inexact.add(name);
  }

  of(names: readonly string[]): Readonly<Record<string, TaskCount>> {
    const entries = names.map((name) => [
      name,
      { count: this.#counts.get(name) ?? 0, exact: !this.#inexact.has(name) },
    ]);
    return Object.fromEntries(entries) as Readonly<Record<string, TaskCount>>;
  }

  names(): readonly string[] {
    return [...this.#counts].filter(([, n]) => n > 0).map(([name]) => name);
  }
}

function fromCounters(reader: StoreReader, filter: TaskFilter): TaskAggregateSnapshot {
  const byStatus = new Tally();
  const byState = new Tally();
  const byKind = new Tally();
  let total = 0;
  const laterKinds = new Set<string>();
  for (const [kind, status, n] of counters(reader, filter)) {
    if (n === 0) continue;
    const name = status < 0 ? "queued" : statusOfCode(status);
    total += n;
    byStatus.add(name, n);
    byKind.add(kind, n);
    byState.add(status === code.notDue ? "scheduled" : status === notDueAgain ? "retrying" : name, n);
    if (status === code.notDue || status === notDueAgain) laterKinds.add(kind);
  }
  if (!filter.statuses || filter.statuses.includes("queued")) moveFallenDue(reader, filter, { byState, laterKinds });
  moveStale(reader, filter, byState);
  return {
    total: { count: total, exact: true },
    byStatus: byStatus.of(taskStatuses),
    byState: byState.of(taskStates),
    byKind: byKind.of(byKind.names()),
    updatedAt: reader.now,
    cursor: journalEnd(reader),
  };
}

function counters({ connection }: StoreReader, filter: TaskFilter): readonly (readonly [string, number, number])[] {
  const { tenantId, kinds, statuses } = filter;
  const rows = connection.useText(`select kind, status, n, tenant_id from ${connection.names.count}`).all();
  return rows.flatMap(([kind, status, n, tenant]): readonly (readonly [string, number, number])[] => {
    const row = [String(kind), Number(status), Number(n)] as const;
    const isWanted =
      (tenantId === undefined || tenantId === tenant) &&
      (!kinds || kinds.includes(row[0])) &&
      (!statuses || statuses.includes(statusOfCode(row[1])));
    return isWanted ? [row] : [];
  });
}

/** Tasks that have fallen due but were not met by a claim yet are counted as not due: they are queued by now. */
function moveFallenDue(
  { connection, now }: StoreReader,
  { tenantId }: TaskFilter,
  { byState, laterKinds }: { readonly byState: Tally; readonly laterKinds: ReadonlySet<string> },
): void {
  for (const kind of laterKinds) {
    const rows = connection.use(selectFallenDue).all(kind, now, cap);
    for (const [isAgain, tenant] of rows) {
      if (tenantId !== undefined && tenant !== tenantId) continue;
      byState.add(isAgain ? "retrying" : "scheduled", -1);
      byState.add("queued", 1);
    }
    if (rows.length >= cap) for (const state of ["queued", "scheduled", "retrying"]) byState.markInexact(state);
  }
}

function moveStale({ connection }: StoreReader, filter: TaskFilter, byState: Tally): void {
  for (const [status, tenant, kind] of connection.use(selectStale).all()) {
    const name = statusOfCode(Number(status));
    if (filter.tenantId !== undefined && tenant !== filter.tenantId) continue;
    if (filter.kinds && !filter.kinds.includes(String(kind))) continue;
    if (filter.statuses && !filter.statuses.includes(name)) continue;
    byState.add(name, -1);
    byState.add("stale", 1);
  }
}

/** Counts rows one by one, up to the cap; beyond it every number is a lower bound. */
function fromRows(reader: StoreReader, filter: TaskFilter): TaskAggregateSnapshot {
  const { names } = reader.connection;
  const parts = listBranches(reader, filter).map((branch) => {
    const { where, values } = whereOf(branch);
    const stale = `(select json_extract(x.loose, '$.staleAt') from ${names.loose} x where x.seq = t.seq)`;
    const text = `select t.kind, t.status, t.scheduled_at, t.failures, ${stale} from ${branch.from} where ${where} limit ?`;
    return { text, values: [...values, cap + 1] };
  });
  const rows = parts.flatMap(({ text, values }) => reader.connection.useText(text).all(...values));
  const moment = { now: reader.now, cursor: journalEnd(reader) };
  const snapshot = buildTaskAggregateSnapshot(rows.slice(0, cap).map(fieldsOf), moment);
  return rows.length > cap ? inexact(snapshot) : snapshot;
}

function fieldsOf(row: readonly SqliteValue[]): {
  readonly kind: string;
  readonly status: TaskStatus;
  readonly scheduledAt: number;
  readonly failures: number;
  readonly staleAt: number | null;
} {
  const [kind, status, scheduledAt, failures, staleAt] = row;
  return {
    kind: String(kind),
    status: statusOfCode(Number(status)),
    scheduledAt: Number(scheduledAt),
    failures: Number(failures),
    staleAt: typeof staleAt === "number" ? staleAt : null,
  };
}

function inexact(snapshot: TaskAggregateSnapshot): TaskAggregateSnapshot {
  const all = <Counts extends Readonly<Record<string, TaskCount>>>(counts: Counts): Counts =>
    Object.fromEntries(Object.entries(counts).map(([name, { count }]) => [name, { count, exact: false }])) as Counts;
  return {
    ...snapshot,
    total: { count: snapshot.total.count, exact: false },
    byStatus: all(snapshot.byStatus),
    byState: all(snapshot.byState),
    byKind: all(snapshot.byKind),
  };
}
