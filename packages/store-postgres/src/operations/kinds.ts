import type { KindAsk, KindRecord, KindRegistration } from "@millrace/models";
import { deepFrozen, rateOfColumn, rateToColumn, tellControl } from "@millrace/store-sql";
import type { Row, Session, Sql } from "../connection/session.ts";
import { numberOf, numberOrNull, textOrNull } from "../row/task-row.ts";
import { readClock } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const addKind: Sql = (n) => `insert into ${n.kind} (kind, last_seen_at) values ($1, $2) on conflict do nothing`;
const register: Sql = (n) => `
update ${n.kind} set version = greatest(version, $2::integer), schemas = $3, code_lim = $4, code_rate = $5, fairness = $6,
  last_seen_at = $7
where kind = $1`;
const lockKind: Sql = (n) => `select schemas, paused_at is not null from ${n.kind} where kind = $1 for update`;
const pauseKind: Sql = (n) => `
update ${n.kind} set paused_at = coalesce(paused_at, $2), paused_by = $3, paused_why = $4 where kind = $1`;
const resumeKind: Sql = (n) =>
  `update ${n.kind} set paused_at = null, paused_by = null, paused_why = null where kind = $1`;
const limitKind: Sql = (n) => `update ${n.kind} set lim = $2, lim_at = $3, lim_by = $4 where kind = $1`;
const selectKinds: Sql = (n) => `
select kind, version, schemas, code_lim, lim, code_rate, rate, fairness, paused_at, paused_by, paused_why, last_seen_at, lim_at,
  lim_by
from ${n.kind} order by kind`;

/** Registers, pauses, resumes or limits kinds. */
export async function setKind(tx: StoreTransaction, asks: readonly KindAsk[]): Promise<void> {
  await readClock(tx);
  for (const ask of asks) await setOne(tx, ask);
}

/** Gives a kind that was not heard of yet a row. */
export function ensureKind(tx: StoreTransaction, kind: string): void {
  tx.write(addKind, [kind, tx.now]);
}

async function setOne(tx: StoreTransaction, ask: KindAsk): Promise<void> {
  if (ask.type !== "resume") ensureKind(tx, ask.kind);
  const [row] = await tx.query(lockKind, [ask.kind]);
  const wasPaused = row?.[1] === true;
  switch (ask.type) {
    case "register":
      registerKind(tx, ask, textOrNull(row?.[0]) ?? "{}");
      return;
    case "pause":
      tx.write(pauseKind, [ask.kind, tx.now, ask.by, ask.why]);
      if (!wasPaused) tellControl(tx, { type: "kind_paused", name: ask.kind, data: ask.by });
      return;
    case "resume":
      if (!wasPaused) return;
      tx.write(resumeKind, [ask.kind]);
      tellControl(tx, { type: "kind_resumed", name: ask.kind, data: null });
      return;
    case "limit":
      tx.write(limitKind, [ask.kind, ask.limit, ...(ask.limit === null ? [null, null] : [tx.now, ask.by])]);
      tellControl(tx, { type: "limit_changed", name: ask.kind, data: ask.limit });
      return;
  }
}

/** What code says replaces what code said before; what an operator said stays. */
function registerKind(tx: StoreTransaction, ask: KindRegistration, known: string): void {
  const before = JSON.parse(known) as Record<string, string>;
  const schemas = ask.inputSchema === null ? before : { ...before, [ask.version]: ask.inputSchema };
  const rate = rateToColumn(ask.rate);
  tx.write(register, [ask.kind, ask.version, JSON.stringify(schemas), ask.limit, rate, ask.fairness, tx.now]);
}

/** Every kind the store has heard of, by name. */
export async function readKinds(session: Session): Promise<readonly KindRecord[]> {
  return Object.freeze((await session.run(selectKinds)).map(kindOf));
}

function kindOf(row: Row): KindRecord {
  const limitFromCode = numberOrNull(row[3]);
  const limitOverride = numberOrNull(row[4]);
  return Object.freeze({
    kind: String(row[0]),
    version: numberOf(row[1]),
    inputSchemas: deepFrozen(JSON.parse(String(row[2])) as Record<number, string>),
    limit: limitOverride ?? limitFromCode,
    limitFromCode,
    limitOverride,
    limitOverrideAt: numberOrNull(row[12]),
    limitOverrideBy: textOrNull(row[13]),
    rate: rateOfColumn(row[6]) ?? rateOfColumn(row[5]),
    fairness: row[7] === "key" ? "key" : "none",
    pausedAt: numberOrNull(row[8]),
    pausedBy: textOrNull(row[9]),
    pausedWhy: textOrNull(row[10]),
    lastSeenAt: numberOf(row[11]),
  });
}
