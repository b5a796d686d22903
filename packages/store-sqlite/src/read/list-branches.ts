import { parseDerivedChannel, type TaskFilter } from "@millrace/models";
import { label } from "@millrace/store-sql";
import type { SqliteValue } from "../driver/sqlite-database.ts";
import { type Condition, filterConditions, labelled, possibleCodes } from "./filter-conditions.ts";
import type { StoreReader } from "./store-reader.ts";

/** One place to look for tasks in the order of their numbers: a FROM and what is asked of the row. */
export interface Branch {
  readonly from: string;
  /** Parameters of the FROM itself; they come before those of the conditions. */
  readonly fromValues?: readonly SqliteValue[];
  readonly conditions: readonly Condition[];
  /** The column that the index has in order. */
  readonly seq: string;
}

// A list over more places than this reads the whole table instead.
const mostBranches = 60;
const fewRows = 5_000;

/**
 * Where the tasks of a filter are looked for, so that each place has them in the order of creation: by a label if the filter
 * names one, by status or kind if it names those, else in the table itself.
 */
export function listBranches(reader: StoreReader, filter: TaskFilter): readonly Branch[] {
  const { names } = reader.connection;
  const rest = filterConditions(names, filter, reader.now);
  const codes = possibleCodes(filter);
  const kindsAndCodes = [...codesCondition(codes), ...kindsCondition(filter.kinds)];
  const driving = drivingLabel(filter);
  if (driving !== null) {
    const from = `${names.label} d cross join ${names.task} t on t.seq = d.seq`;
    const conditions = [{ sql: "d.label = ?", values: [driving] }, ...rest, ...kindsAndCodes];
    return [{ from, conditions, seq: "d.seq" }];
  }
  const conditions = [...rest, ...kindsAndCodes];
  if (filter.taskIds) {
    const from = `(select distinct value as id from json_each(?)) i cross join ${names.task} t on t.id = i.id`;
    return [{ from, fromValues: [JSON.stringify(filter.taskIds)], conditions, seq: "t.seq" }];
  }
  if (filter.rootId !== undefined || narrowChannels(filter)) {
    const { sql, values } = narrow(reader, filter);
    // A cross join keeps the order of the two: an analyzed table that happens to be small would be read instead.
    const from = `(${sql}) d cross join ${names.task} t on t.seq = d.seq`;
    return [{ from, fromValues: values, conditions, seq: "d.seq" }];
  }
  const branches = codes ? branchesByCode(reader, codes, { filter, rest }) : branchesByKind(reader, { filter, rest });
  return branches && branches.length <= mostBranches ? branches : [wholeTable(reader, filter, conditions)];
}

/** Every task, or every task of a tenant that has a name. */
function wholeTable(
  { connection: { names } }: StoreReader,
  filter: TaskFilter,
  conditions: readonly Condition[],
): Branch {
  if (!filter.tenantId) return { from: `${names.task} t not indexed`, conditions, seq: "t.seq" };
  const hasName = { sql: "t.tenant_id <> ''", values: [] };
  return {
    from: `${names.task} t indexed by ${names.task}_tenant`,
    conditions: [hasName, ...conditions],
    seq: "t.seq",
  };
}

/** The one label that all tasks of a filter have, if there is any. */
function drivingLabel(filter: TaskFilter): string | null {
  const [first] = labelled(filter);
  if (first) return label[first[0]](first[1]);
  const [channel, ...others] = filter.channels ?? [];
  const isStored = channel !== undefined && others.length === 0 && parseDerivedChannel(channel) === null;
  return isStored ? label.channel(channel) : null;
}

// Channels that can only be stored ones, or a key, are found by their labels; `task:` and `kind:` by the table's own indexes.
function narrowChannels({ channels }: TaskFilter): boolean {
  return channels !== undefined && channels.length > 0 && !channels.some((channel) => channel.startsWith("kind:"));
}

function narrow({ connection: { names } }: StoreReader, filter: TaskFilter): Condition {
  const { rootId, channels } = filter;
  if (rootId !== undefined) {
    return {
      sql: `select seq from ${names.label} where label = ? union select seq from ${names.task} where id = ?`,
      values: [label.root(rootId), rootId],
    };
  }
  const wanted = channels ?? [];
  const labels = wanted.flatMap((channel) => [label.channel(channel), ...derivedLabels(channel)]);
  return {
    sql: `select l.seq from json_each(?) j cross join ${names.label} l on l.label = j.value
      union select k.seq from json_each(?) i cross join ${names.task} k on k.id = i.value`,
    values: [JSON.stringify(labels), JSON.stringify(wanted.map((channel) => channel.replace(/^task:/, "")))],
  };
}

function derivedLabels(channel: string): readonly string[] {
  const value = channel.slice(channel.indexOf(":") + 1);
  if (channel.startsWith("dedupe:")) return [label.dedupe(value)];
  if (channel.startsWith("supersede:")) return [label.supersede(value)];
  return channel.startsWith("concurrency:") ? [label.concurrency(value)] : [];
}

interface Asked {
  readonly filter: TaskFilter;
  readonly rest: readonly Condition[];
}

function branchesByKind({ connection: { names } }: StoreReader, { filter, rest }: Asked): readonly Branch[] | null {
  return (
    uniqueKinds(filter)?.map((kind) => ({
      from: `${names.task} t indexed by ${names.task}_kind`,
      conditions: [equal("t.kind", kind), ...rest],
      seq: "t.seq",
    })) ?? null
  );
}

function branchesByCode(reader: StoreReader, codes: readonly number[], asked: Asked): readonly Branch[] {
  const kinds = uniqueKinds(asked.filter) ?? knownKinds(reader);
  const isLeased = codes.some((code) => code === 2 || code === 3);
  return [
    ...codes
      .filter((code) => code !== 2 && code !== 3)
      .flatMap((code) => branchesOf(reader, code, { ...asked, kinds })),
    ...(isLeased ? [leasedBranch(reader, codes, asked)] : []),
  ];
}

function branchesOf(
  reader: StoreReader,
  code: number,
  { rest, kinds, filter }: Asked & { readonly kinds: readonly string[] },
): readonly Branch[] {
  const { names } = reader.connection;
  if (code === 1) return readyBranches(reader, { rest, kinds, filter });
  if (code >= 6) {
    return kinds.map((kind) => ({
      from: `${names.task} t indexed by ${names.task}_final`,
      conditions: [
        { sql: `t.status = ${code} and t.finished_at is not null`, values: [] },
        equal("t.kind", kind),
        ...rest,
      ],
      seq: "t.seq",
    }));
  }
  return kinds.map((kind) => ({
    from: `${names.shelf} s cross join ${names.task} t on t.seq = s.seq`,
    conditions: [{ sql: `s.status = ${code}`, values: [] }, equal("s.kind", kind), ...rest],
    seq: "s.seq",
  }));
}

/** Ready tasks have no index in the order of creation: few are sorted, many are soon found in the table or by kind. */
function readyBranches(
  reader: StoreReader,
  { rest, kinds, filter }: Asked & { readonly kinds: readonly string[] },
): readonly Branch[] {
  const { names } = reader.connection;
  const isReady = { sql: "t.status = 1", values: [] };
  if (countOf(reader, 1) <= fewRows) {
    return kinds.map((kind) => ({
      from: `${names.task} t indexed by ${names.task}_ready`,
      conditions: [isReady, equal("t.kind", kind), ...rest],
      seq: "t.seq",
    }));
  }
  return (
    branchesByKind(reader, { filter, rest: [isReady, ...rest] }) ?? [
      { from: `${names.task} t not indexed`, conditions: [isReady, ...rest], seq: "t.seq" },
    ]
  );
}

function leasedBranch(
  { connection: { names } }: StoreReader,
  codes: readonly number[],
  { filter, rest }: Asked,
): Branch {
  const wanted = codes.filter((code) => code === 2 || code === 3);
  return {
    from: `${names.task} t indexed by ${names.task}_lease`,
    conditions: [
      { sql: "t.lease_expires_at is not null", values: [] },
      ...codesCondition(wanted),
      ...kindsCondition(filter.kinds),
      ...rest,
    ],
    seq: "t.seq",
  };
}

function uniqueKinds({ kinds }: TaskFilter): readonly string[] | null {
  return kinds ? [...new Set(kinds)] : null;
}

function knownKinds({ connection }: StoreReader): readonly string[] {
  const rows = connection.useText(`select distinct kind from ${connection.names.count} where n > 0`).all();
  return rows.map(([kind]) => String(kind));
}

function countOf({ connection }: StoreReader, code: number): number {
  const row = connection
    .useText(`select coalesce(sum(n), 0) from ${connection.names.count} where status = ?`)
    .get(code);
  return Number(row?.[0] ?? 0);
}

function codesCondition(codes: readonly number[] | null): readonly Condition[] {
  return codes === null ? [] : [{ sql: `t.status in (${codes.join(", ")})`, values: [] }];
}

function kindsCondition(kinds: readonly string[] | undefined): readonly Condition[] {
  if (kinds === undefined) return [];
  return [{ sql: "t.kind in (select value from json_each(?))", values: [JSON.stringify(kinds)] }];
}

function equal(column: string, value: SqliteValue): Condition {
  return { sql: `${column} = ?`, values: [value] };
}
