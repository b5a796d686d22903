import type { KindAsk, KindRecord, KindRegistration } from "@millrace/models";
import { inTransaction } from "../effects/in-transaction.ts";
import { frozen, frozenCopy } from "../state/frozen.ts";
import type { KindRow, MemoryState } from "../state/memory-state.ts";
import { limitOf, rateOf } from "../state/slots.ts";
import { tellControl } from "../state/tell-control.ts";

/** Registers, pauses, resumes or limits kinds. */
export function setKind(state: MemoryState, asks: readonly KindAsk[]): void {
  for (const ask of asks) inTransaction(state, () => setOne(state, ask));
}

/** Every kind the store has heard of, by name. */
export function kinds(state: MemoryState): readonly KindRecord[] {
  const rows = [...state.kinds.values()].toSorted((a, b) => (a.record.kind < b.record.kind ? -1 : 1));
  return frozen(rows.map((row) => ({ ...row.record, limit: limitOf(row), rate: rateOf(row) })));
}

/** The row of a kind; one that was not heard of yet gets one. */
export function kindRow(state: MemoryState, kind: string): KindRow {
  return state.kinds.get(kind) ?? newRow(kind, state.now);
}

function setOne(state: MemoryState, ask: KindAsk): void {
  const row = kindRow(state, ask.kind);
  const { record } = row;
  const put = (change: Partial<KindRow["record"]>): void =>
    state.kinds.set(ask.kind, { ...row, record: { ...record, ...change } });
  switch (ask.type) {
    case "register":
      state.kinds.set(ask.kind, registered(row, ask, state.now));
      return;
    case "pause":
      put({ pausedAt: record.pausedAt ?? state.now, pausedBy: ask.by, pausedWhy: ask.why });
      if (record.pausedAt === null) tellControl(state, { type: "kind_paused", name: ask.kind, data: ask.by });
      return;
    case "resume":
      if (record.pausedAt === null) return;
      put({ pausedAt: null, pausedBy: null, pausedWhy: null });
      tellControl(state, { type: "kind_resumed", name: ask.kind, data: null });
      return;
    case "limit":
      put(
        ask.limit === null
          ? notOverridden
          : { limitOverride: ask.limit, limitOverrideAt: state.now, limitOverrideBy: ask.by },
      );
      tellControl(state, { type: "limit_changed", name: ask.kind, data: ask.limit });
      return;
  }
}

const notOverridden = { limitOverride: null, limitOverrideAt: null, limitOverrideBy: null };

/** What code says replaces what code said before; what an operator said stays. */
function registered(row: KindRow, ask: KindRegistration, now: number): KindRow {
  const { record } = row;
  const schemas = ask.inputSchema === null ? {} : { [ask.version]: ask.inputSchema };
  return {
    ...row,
    rateFromCode: frozenCopy(ask.rate),
    record: {
      ...record,
      version: Math.max(record.version, ask.version),
      inputSchemas: { ...record.inputSchemas, ...schemas },
      limitFromCode: ask.limit,
      fairness: ask.fairness,
      lastSeenAt: now,
    },
  };
}

function newRow(kind: string, now: number): KindRow {
  return {
    record: {
      kind,
      version: 0,
      inputSchemas: {},
      limitFromCode: null,
      ...notOverridden,
      fairness: "none",
      pausedAt: null,
      pausedBy: null,
      pausedWhy: null,
      lastSeenAt: now,
    },
    rateFromCode: null,
    rateOverride: null,
    bucket: null,
  };
}
