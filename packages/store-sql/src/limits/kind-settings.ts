import { type EpochMs, type RateLimit, type TokenBucket, tokensIn, withoutToken } from "@millrace/models";
import { bucketOf, rateOfColumn } from "./rate-columns.ts";

/** What a claim must know of a kind. */
export interface KindSettings {
  readonly isPaused: boolean;
  /** An operator's stands above the code's. */
  readonly limit: number | null;
  readonly rate: RateLimit | null;
  readonly bucket: TokenBucket | null;
  readonly isFair: boolean;
}

/** The columns that `kindSettingsOf` reads. */
export const kindSettingsColumns: string =
  "paused_at, coalesce(lim, code_lim), coalesce(rate, code_rate), drops, refilled_at, fairness";

/** The settings of a row. */
export function kindSettingsOf([pausedAt, limit, rate, drops, refilledAt, fairness]: readonly unknown[]): KindSettings {
  return {
    isPaused: pausedAt !== null,
    limit: numberOrNull(limit),
    rate: rateOfColumn(rate),
    bucket: bucketOf(numberOrNull(drops), numberOrNull(refilledAt)),
    isFair: fairness === "key",
  };
}

/** How many more tasks of a kind may be leased now; `held` is asked only where there is a limit. Nothing was said of a kind without settings. */
export function freeOfKind(settings: KindSettings | null | undefined, held: () => number, now: EpochMs): number {
  if (!settings) return Number.POSITIVE_INFINITY;
  const { limit, rate, bucket } = settings;
  const tokens = tokensIn(bucket, rate, now);
  return tokens === 0 || limit === null ? tokens : Math.min(tokens, limit - held());
}

/** The bucket of a kind after so many tokens were taken from it; null = nothing has changed. */
export function bucketAfter(
  settings: KindSettings | null | undefined,
  count: number,
  now: EpochMs,
): TokenBucket | null {
  const rate = settings?.rate;
  if (!rate || count === 0) return null;
  let bucket = settings.bucket;
  for (let index = 0; index < count; index += 1) bucket = withoutToken(bucket, rate, now);
  return bucket;
}

/** Some drivers tell a large number as text. */
function numberOrNull(column: unknown): number | null {
  return column === null ? null : Number(column);
}
