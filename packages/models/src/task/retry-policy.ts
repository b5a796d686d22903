/** How long to wait before the next attempt, as data. `failures` counts from 1. */
export type BackoffPolicy =
  /** Always the same delay. */
  | { readonly type: "fixed"; readonly delayMs: number }
  /** `delayMs × factor^(failures − 1)`, at most `maxDelayMs`. */
  | {
      readonly type: "exponential";
      /** @defaultValue 1_000 */
      readonly delayMs?: number;
      /** @defaultValue 2 */
      readonly factor?: number;
      /** @defaultValue 3_600_000 */
      readonly maxDelayMs?: number;
      /** Jitter never goes below it. @defaultValue 0 */
      readonly minDelayMs?: number;
      /** `full`: anywhere from 0 to the delay; a number from 0 to 1: that share up or down. @defaultValue "full" */
      readonly jitter?: "full" | number;
    }
  /** `delayMs × failures²`, at most `maxDelayMs`. */
  | {
      readonly type: "quadratic";
      /** @defaultValue 2_000 */
      readonly delayMs?: number;
      /** @defaultValue 300_000 */
      readonly maxDelayMs?: number;
    };
