import { type RateLimit, tokensIn, withoutToken } from "@millrace/models";
import type { KindRow, MemoryState } from "./memory-state.ts";

/** Whether tasks of a kind may be claimed at all. A kind that nobody has registered may. */
export function isOpenForClaims(state: MemoryState, kind: string): boolean {
  return (state.kinds.get(kind)?.record.pausedAt ?? null) === null;
}

/** How many more tasks may be leased over the whole store. */
export function freeOfStore(state: MemoryState): number {
  return (state.storeLimit ?? Number.POSITIVE_INFINITY) - state.tasks.held.all;
}

/** How many more tasks of a kind may be leased now; 0 while its rate has no token. */
export function freeOfKind(state: MemoryState, kind: string): number {
  const row = state.kinds.get(kind);
  if (!row) return Number.POSITIVE_INFINITY;
  if (tokensIn(row.bucket, rateOf(row), state.now) === 0) return 0;
  return (limitOf(row) ?? Number.POSITIVE_INFINITY) - state.tasks.held.ofKind(kind);
}

/** Whether every one of these keys has a slot and a token left. */
export function keysAreFree(state: MemoryState, keyIds: readonly string[]): boolean {
  return keyIds.every((keyId) => {
    const row = state.keys.get(keyId);
    if (!row) return true;
    return state.tasks.held.ofKey(keyId).held < row.limit && tokensIn(row.bucket, row.rate, state.now) > 0;
  });
}

/** Takes a token from the kind and from each key that has a rate. */
export function takeTokens(state: MemoryState, kind: string, keyIds: readonly string[]): void {
  const row = state.kinds.get(kind);
  const rate = row ? rateOf(row) : null;
  if (row && rate) state.kinds.set(kind, { ...row, bucket: withoutToken(row.bucket, rate, state.now) });
  for (const keyId of keyIds) {
    const key = state.keys.get(keyId);
    if (key?.rate) state.keys.set(keyId, { ...key, bucket: withoutToken(key.bucket, key.rate, state.now) });
  }
}

/** An operator's limit stands above the code's. */
export function limitOf({ record }: KindRow): number | null {
  return record.limitOverride ?? record.limitFromCode;
}

/** An operator's rate stands above the code's. */
export function rateOf(row: KindRow): RateLimit | null {
  return row.rateOverride ?? row.rateFromCode;
}
