import type { EpochMs } from "../time/clock.ts";

/** A token bucket: `count` starts each `perMs`, refilled evenly by the store's clock; holds at most `burst`. */
export interface RateLimit {
  readonly count: number;
  readonly perMs: number;
  /** @defaultValue count */
  readonly burst?: number;
}

/** What a host says of a kind when it starts. */
export interface KindRegistration {
  readonly type: "register";
  readonly kind: string;
  readonly version: number;
  /** The input's JSON Schema as text, when the kind's schema can give one. */
  readonly inputSchema: string | null;
  /** From code; an operator's override stands above it. Null = unlimited. */
  readonly limit: number | null;
  readonly rate: RateLimit | null;
  /** `key`: tasks of different concurrency keys take turns within a priority. */
  readonly fairness: "none" | "key";
}

/** What is to be done to a kind. */
export type KindAsk =
  | KindRegistration
  | { readonly type: "pause"; readonly kind: string; readonly by: string | null; readonly why: string | null }
  | { readonly type: "resume"; readonly kind: string }
  /** An operator's limit, and whose it is; null takes the override back. */
  | { readonly type: "limit"; readonly kind: string; readonly limit: number | null; readonly by: string | null };

/** A kind as the store knows it. */
export interface KindRecord {
  readonly kind: string;
  readonly version: number;
  /** Input schemas by version, as JSON text. */
  readonly inputSchemas: Readonly<Record<number, string>>;
  /** The limit in force; null = unlimited. */
  readonly limit: number | null;
  readonly limitFromCode: number | null;
  readonly limitOverride: number | null;
  /** When it was set last, by the store's clock; null without an override. */
  readonly limitOverrideAt: EpochMs | null;
  /** Null also when nobody said. */
  readonly limitOverrideBy: string | null;
  readonly rate: RateLimit | null;
  readonly fairness: "none" | "key";
  readonly pausedAt: EpochMs | null;
  readonly pausedBy: string | null;
  readonly pausedWhy: string | null;
  readonly lastSeenAt: EpochMs;
}
