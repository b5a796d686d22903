import type { KindAsk, KindRecord, KindRegistration } from "@millrace/models";
import { rateOfColumn, rateToColumn, tellControl } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { Reader } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const addKind: Sql = (n) => `insert or ignore into ${n.kind} (kind, last_seen_at) values (?, ?)`;
const register: Sql = (n) => `
update ${n.kind} set version = max(version, ?), schemas = ?, code_lim = ?, code_rate = ?, fairness = ?, last_seen_at = ?
where kind = ?`;
const selectSchemas: Sql = (n) => `select schemas from ${n.kind} where kind = ?`;
const pauseKind: Sql = (n) => `
update ${n.kind} set paused_at = coalesce(paused_at, ?), paused_by = ?, paused_why = ? where kind = ?`;
const isPaused: Sql = (n) => `select paused_at is not null from ${n.kind} where kind = ?`;
const resumeKind: Sql = (n) =>
  `update ${n.kind} set paused_at = null, paused_by = null, paused_why = null where kind = ?`;
const limitKind: Sql = (n) => `update ${n.kind} set lim = ?, lim_at = ?, lim_by = ? where kind = ?`;
const selectKinds: Sql = (n) => `
select kind, version, schemas, code_lim, lim, lim_at, lim_by, code_rate, rate, fairness, paused_at, paused_by, paused_why,
  last_seen_at
from ${n.kind} order by kind`;

/** Registers, pauses, resumes or limits kinds. */
export function setKind(tx: StoreTransaction, asks: readonly KindAsk[]): void {
  for (const ask of asks) setOne(tx, ask);
}

/** Gives a kind that was not heard of yet a row. */
export function ensureKind(tx: StoreTransaction, kind: string): void {
  tx.use(addKind).run(kind, tx.now);
}

function setOne(tx: StoreTransaction, ask: KindAsk): void {
  if (ask.type === "resume" && !pausedNow(tx, ask.kind)) return;
  ensureKind(tx, ask.kind);
  switch (ask.type) {
    case "register":
      registerKind(tx, ask);
      return;
    case "pause": {
      const wasPaused = pausedNow(tx, ask.kind);
      tx.use(pauseKind).run(tx.now, ask.by, ask.why, ask.kind);
      if (!wasPaused) tellControl(tx, { type: "kind_paused", name: ask.kind, data: ask.by });
      return;
    }
    case "resume":
      tx.use(resumeKind).run(ask.kind);
      tellControl(tx, { type: "kind_resumed", name: ask.kind, data: null });
      return;
    case "limit":
      tx.use(limitKind).run(ask.limit, ...(ask.limit === null ? [null, null] : [tx.now, ask.by]), ask.kind);
      tellControl(tx, { type: "limit_changed", name: ask.kind, data: ask.limit });
      return;
  }
}

function pausedNow(tx: StoreTransaction, kind: string): boolean {
  return tx.use(isPaused).get(kind)?.[0] === 1;
}

/** What code says replaces what code said before; what an operator said stays. */
function registerKind(tx: StoreTransaction, ask: KindRegistration): void {
  const before = JSON.parse(String(tx.use(selectSchemas).get(ask.kind)?.[0] ?? "{}")) as Record<string, string>;
  const schemas = ask.inputSchema === null ? before : { ...before, [ask.version]: ask.inputSchema };
  tx.use(register).run(
    ask.version,
    JSON.stringify(schemas),
    ask.limit,
    rateToColumn(ask.rate),
    ask.fairness,
    tx.now,
    ask.kind,
  );
}

/** Every kind the store has heard of, by name. */
export function kinds(reader: Reader): readonly KindRecord[] {
  return Object.freeze(reader.use(selectKinds).all().map(kindOf));
}

function kindOf(row: readonly unknown[]): KindRecord {
  const [
    kind,
    version,
    schemas,
    codeLimit,
    limit,
    limitAt,
    limitBy,
    codeRate,
    rate,
    fairness,
    pausedAt,
    pausedBy,
    pausedWhy,
    lastSeenAt,
  ] = row as readonly [
    string,
    number,
    string,
    number | null,
    number | null,
    number | null,
    string | null,
    string | null,
    string | null,
    "none" | "key",
    number | null,
    string | null,
    string | null,
    number,
  ];
  return Object.freeze({
    kind,
    version,
    inputSchemas: Object.freeze(JSON.parse(schemas) as Record<number, string>),
    limit: limit ?? codeLimit,
    limitFromCode: codeLimit,
    limitOverride: limit,
    limitOverrideAt: limitAt,
    limitOverrideBy: limitBy,
    rate: rateOfColumn(rate ?? codeRate),
    fairness,
    pausedAt,
    pausedBy,
    pausedWhy,
    lastSeenAt,
  });
}
