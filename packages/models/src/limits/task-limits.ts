import type { RateLimit } from "../contracts/kind.ts";
import type { TaskLimit } from "../contracts/waits.ts";
import type { TaskRecord } from "../task/task-record.ts";
import type { EpochMs } from "../time/clock.ts";
import { msToToken, type TokenBucket } from "./token-bucket.ts";

/** What a store knows of a kind or a key: its limits, and how much of them is taken. */
export interface KnownLimit {
  readonly limit: number | null;
  readonly held: number;
  readonly rate: RateLimit | null;
  readonly bucket: TokenBucket | null;
}

/** What a store knows of all the limits of a task. */
export interface KnownLimits {
  /** The store's own; null when there is none. */
  readonly store: { readonly limit: number; readonly held: number } | null;
  readonly kind: KnownLimit | null;
  /** Those of the task's keys that are known, by their names. */
  readonly keys: readonly (KnownLimit & { readonly key: string })[];
}

/** The limits that a task stands under: the store's, its kind's and its keys', in that order. */
export function limitsOfTask(
  { kind, tenantId }: Pick<TaskRecord, "kind" | "tenantId">,
  known: KnownLimits,
  now: EpochMs,
): readonly TaskLimit[] {
  const limits: TaskLimit[] = [];
  if (known.store) limits.push({ scope: { type: "store" }, ...known.store, rate: null, nextStartInMs: 0 });
  if (known.kind && (known.kind.limit !== null || known.kind.rate !== null)) {
    limits.push({ scope: { type: "kind", kind }, ...shown(known.kind, now) });
  }
  for (const key of known.keys) {
    limits.push({ scope: { type: "key", tenantId, key: key.key }, ...shown(key, now) });
  }
  return limits;
}

function shown({ limit, held, rate, bucket }: KnownLimit, now: EpochMs): Omit<TaskLimit, "scope"> {
  return { limit, held, rate, nextStartInMs: msToToken(bucket, rate, now) };
}
