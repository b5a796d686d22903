import { TaskError, type RateLimit } from "@millrace/models";

/** How much one request may ask for. Out of bounds is refused, never clamped. */
export interface TaskHttpLimits {
  /** Bytes of a body. @defaultValue 1_048_576 */
  readonly bodyBytes?: number;
  /** How deep JSON may be nested. @defaultValue 32 */
  readonly depth?: number;
  /** Characters of path and query string together. @defaultValue 8_192 */
  readonly urlLength?: number;
  /** Entries of a page. @defaultValue 200 */
  readonly pageSize?: number;
  /** Tasks of one call. @defaultValue 1_000 */
  readonly batchSize?: number;
  /** How many tasks a query may look at, in one request, for what no index knows. @defaultValue 2_000 */
  readonly searchedTasks?: number;
  /** How long a request may take, its body included, in ms. @defaultValue 30_000 */
  readonly requestMs?: number;
  /** Requests of one user; null = without end. @defaultValue 100 a second, 400 at once */
  readonly rate?: RateLimit | null;
}

/** Limits with their defaults. */
export type ResolvedLimits = Required<TaskHttpLimits>;

const defaults: ResolvedLimits = {
  bodyBytes: 1_048_576,
  depth: 32,
  urlLength: 8_192,
  pageSize: 200,
  batchSize: 1_000,
  searchedTasks: 2_000,
  requestMs: 30_000,
  rate: { count: 100, perMs: 1_000, burst: 400 },
};

const bounds: Readonly<Record<Exclude<keyof ResolvedLimits, "rate">, readonly [min: number, max: number]>> = {
  bodyBytes: [1_024, 104_857_600],
  depth: [4, 200],
  urlLength: [256, 65_536],
  pageSize: [1, 1_000],
  batchSize: [1, 10_000],
  searchedTasks: [1, 100_000],
  requestMs: [100, 600_000],
};

/** Fills and checks limits. @throws `OPTION_INVALID` */
export function resolveLimits(given: TaskHttpLimits = {}): ResolvedLimits {
  for (const [name, value] of Object.entries(given) as readonly (readonly [string, unknown])[]) {
    if (name === "rate") checkRate(value);
    else checkLimit(name, value);
  }
  return { ...defaults, ...given };
}

function checkLimit(name: string, value: unknown): void {
  const [min, max] = Object.hasOwn(bounds, name) ? bounds[name as keyof typeof bounds] : [];
  if (min === undefined || max === undefined)
    throw refused(name, `is no limit; there are ${Object.keys(defaults).join(", ")}`);
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max) return;
  throw refused(name, `must be a whole number from ${min} to ${max}`);
}

function checkRate(rate: unknown): void {
  if (rate === null) return;
  const { count, perMs, burst = 1 } = (typeof rate === "object" ? rate : {}) as Partial<RateLimit>;
  const isGood = [count, perMs, burst].every((one) => typeof one === "number" && Number.isSafeInteger(one) && one >= 1);
  if (!isGood) throw refused("rate", "must have count and perMs, and may have burst, all whole numbers from 1 up");
}

function refused(name: string, why: string): TaskError {
  return new TaskError("OPTION_INVALID", `limits.${name} ${why}.`, { details: { path: `limits.${name}` } });
}
