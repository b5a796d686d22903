import {
  buildTaskAggregateSnapshot,
  parseTaskFilter,
  type TaskAggregateSnapshot,
  type TaskFilter,
  type TaskStatus,
} from "@millrace/models";
import {
  asksCountersOnly,
  atLeast,
  CountedAggregate,
  deepFrozen,
  isCounted,
  mostCounted,
  statusOfCode,
} from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { SqliteValue } from "../driver/sqlite-database.ts";
import { code, notDueAgain } from "../row/task-flags.ts";
import { journalEnd } from "./journal-place.ts";
import { listBranches } from "./list-branches.ts";
import { whereOf } from "./read-tasks.ts";
import type { StoreReader } from "./store-reader.ts";

const selectCounts: Sql = (n) => `select kind, status, n, tenant_id from ${n.count}`;
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
  return deepFrozen(asksCountersOnly(filter) ? fromCounters(reader, filter) : fromRows(reader, filter));
}

function fromCounters(reader: StoreReader, filter: TaskFilter): TaskAggregateSnapshot {
  const counted = new CountedAggregate();
  const laterKinds = new Set<string>();
  const { connection } = reader;
  for (const row of connection.use(selectCounts).all()) {
    const [kind, number, n, tenantId] = [String(row[0]), Number(row[1]), Number(row[2]), row[3]] as const;
    const status = statusOfCode(number);
    if (n === 0 || !isCounted(filter, { tenantId, kind, status })) continue;
    const isLater = number === code.notDue || number === notDueAgain;
    if (isLater) laterKinds.add(kind);
    const later = number === notDueAgain ? "retrying" : "scheduled";
    counted.add(n, { kind, status, state: isLater ? later : status });
  }
  moveFallenDue(reader, filter, { counted, laterKinds });
  for (const [number, tenantId, kind] of connection.use(selectStale).all()) {
    const status = statusOfCode(Number(number));
    if (isCounted(filter, { tenantId, kind, status })) counted.move(1, status, "stale");
  }
  return counted.snapshot({ now: reader.now, cursor: journalEnd(reader) });
}

/** Tasks that have fallen due but were not met by a claim yet are counted as not due: they are queued by now. */
function moveFallenDue(
  { connection, now }: StoreReader,
  filter: TaskFilter,
  { counted, laterKinds }: { readonly counted: CountedAggregate; readonly laterKinds: ReadonlySet<string> },
): void {
  for (const kind of laterKinds) {
    const rows = connection.use(selectFallenDue).all(kind, now, mostCounted);
    for (const [hasFailed, tenantId] of rows) {
      if (!isCounted(filter, { tenantId, kind, status: "queued" })) continue;
      counted.move(1, hasFailed ? "retrying" : "scheduled", "queued");
    }
    if (rows.length >= mostCounted) counted.markQueuedInexact();
  }
}

/** Counts rows one by one, up to the cap; beyond it every number is a lower bound. */
function fromRows(reader: StoreReader, filter: TaskFilter): TaskAggregateSnapshot {
  const { names } = reader.connection;
  const parts = listBranches(reader, filter).map((branch) => {
    const { where, values } = whereOf(branch);
    const stale = `(select json_extract(x.loose, '$.staleAt') from ${names.loose} x where x.seq = t.seq)`;
    const text = `select t.kind, t.status, t.scheduled_at, t.failures, ${stale} from ${branch.from} where ${where} limit ?`;
    return { text, values: [...values, mostCounted + 1] };
  });
  const rows = parts.flatMap(({ text, values }) => reader.connection.useText(text).all(...values));
  const moment = { now: reader.now, cursor: journalEnd(reader) };
  const snapshot = buildTaskAggregateSnapshot(rows.slice(0, mostCounted).map(fieldsOf), moment);
  return rows.length > mostCounted ? atLeast(snapshot) : snapshot;
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
