import type { LimitRecord, LimitScope, LimitsFacet, RateLimit } from "@millrace/models";
import { kindRow, setKind } from "../operations/kinds.ts";
import { frozen, frozenCopy } from "../state/frozen.ts";
import { keyRow } from "../state/keys.ts";
import type { KeyRow, MemoryState } from "../state/memory-state.ts";
import { scopedKey } from "../state/scoped-key.ts";
import { limitOf, rateOf } from "../state/slots.ts";
import { tellControl } from "../state/tell-control.ts";

type RateScope = Parameters<LimitsFacet["setRate"]>[0];
type KeyScope = Extract<LimitScope, { type: "key" }>;

/** Sets how many may be leased at once. Binds from the next claim. */
export function setLimit(
  state: MemoryState,
  scope: LimitScope,
  { limit, by }: { readonly limit: number | null; readonly by: string | null },
): void {
  if (scope.type === "kind") {
    setKind(state, [{ type: "limit", kind: scope.kind, limit, by }]);
    return;
  }
  if (scope.type === "store") state.storeLimit = limit;
  else putKey(state, scope, { limit: limit ?? 1, isSet: limit !== null });
  tellControl(state, { type: "limit_changed", name: scope.type === "key" ? scope.key : null, data: limit });
}

/** Sets how many may start in a time. The bucket starts full. */
export function setRate(state: MemoryState, scope: RateScope, rate: RateLimit | null): void {
  const kept = { rate: frozenCopy(rate), bucket: null };
  if (scope.type === "key") putKey(state, scope, kept);
  else state.kinds.set(scope.kind, { ...kindRow(state, scope.kind), rateOverride: kept.rate, bucket: null });
}

/** Limits and rates in force: the store's, the kinds', then up to `limit` keys that some open task carries. */
export function listLimits(state: MemoryState, limit: number): readonly LimitRecord[] {
  const { storeLimit, tasks, keys, kinds } = state;
  const ofStore: LimitRecord[] =
    storeLimit === null ? [] : [{ scope: { type: "store" }, limit: storeLimit, held: tasks.held.all, rate: null }];
  const ofKinds = [...kinds.entries()].flatMap(([kind, row]): readonly LimitRecord[] => {
    const record = { limit: limitOf(row), held: tasks.held.ofKind(kind), rate: rateOf(row) };
    return record.limit === null && record.rate === null ? [] : [{ scope: { type: "kind", kind }, ...record }];
  });
  const ofKeys = [...keys.entries()].flatMap(([keyId, row]): readonly LimitRecord[] => {
    const { open, held } = tasks.held.ofKey(keyId);
    const { tenantId, key, limit: most, rate } = row;
    return open === 0 ? [] : [{ scope: { type: "key", tenantId, key }, limit: most, held, rate }];
  });
  return frozen([...ofStore, ...ofKinds.toSorted(byName), ...ofKeys.toSorted(byName).slice(0, limit)]);
}

function putKey(state: MemoryState, { tenantId, key }: KeyScope, change: Partial<KeyRow>): void {
  const keyId = scopedKey(tenantId, key);
  const row: KeyRow = keyRow(state, keyId) ?? { tenantId, key, limit: 1, isSet: false, rate: null, bucket: null };
  state.keys.set(keyId, { ...row, ...change });
}

function byName(a: LimitRecord, b: LimitRecord): number {
  return nameOf(a) < nameOf(b) ? -1 : 1;
}

function nameOf({ scope }: LimitRecord): string {
  if (scope.type === "kind") return scope.kind;
  return scope.type === "key" ? `${scope.tenantId}\u0000${scope.key}` : "";
}
