import type { EpochMs } from "@millrace/models";

/** A stretch of the ready tasks of a kind: priorities from `high` down to `low`, from a time on. */
export interface ReadyRange {
  readonly kind: string;
  readonly high: number;
  readonly low: number;
  readonly from: EpochMs;
}

/** What a claim took of a kind. */
export interface TakenTask {
  readonly kind: string;
  readonly priority: number;
  readonly scheduledAt: EpochMs;
}

/** A claim on its way: which ranges it looks through, in order; null when it looks at everything. */
export interface BoundedClaim {
  readonly ranges: readonly ReadyRange[] | null;
  /** Kinds of which it looks at everything. */
  readonly whole: ReadonlySet<string>;
  /** How often something was let in before it began. */
  readonly admitted: number;
}

/** What a claim brought. */
export interface ClaimOutcome {
  readonly kinds: readonly string[];
  readonly taken: readonly TakenTask[];
  /** It found less than it asked for, or stopped before something special. */
  readonly isShort: boolean;
  /** The store's clock at the claim. */
  readonly now: EpochMs;
  /** How long the statement took. Milliseconds. */
  readonly tookMs: number;
}

interface Bound {
  /** By priority: up to when everything was taken. */
  readonly levels: ReadonlyMap<number, EpochMs>;
  readonly taken: number;
  /** When a claim last looked at everything, and how long it took. */
  readonly lookedAt: number;
  readonly lookMs: number;
}

/** A kind of which fewer were taken in a row has no head worth stepping over. */
const leastTaken = 1_000;
/** A look at everything that takes this long meets rows that vacuum may not remove yet. Milliseconds. */
const slowLookMs = 25;
/** A commit that comes this late is still met at once. Milliseconds. */
const slackMs = 200;
/** A claim looks at everything this often, or for a twentieth of the time. Milliseconds. */
const lookEveryMs = 1_000;
const mostLevels = 8;
const highest = 32_767;
const lowest = -32_768;
const always = Number.MIN_SAFE_INTEGER;

/**
 * Where the ready tasks of a kind begin, as this process knows it. Claimed rows stay in the index as dead entries until
 * vacuum takes them away, which it may not while any transaction on the server is older: without a bound every claim would
 * step over all of them. What this process itself lets in before a bound takes the bound away; what another one lets in
 * there is met by the next look at everything, a second later at most unless such a look takes long.
 */
export class ReadyBounds {
  readonly #bounds = new Map<string, Bound>();
  readonly #monotonic: () => number;
  #admitted = 0;

  constructor(monotonic: () => number = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  /** What a claim of these kinds has to look through. */
  begin(kinds: readonly string[]): BoundedClaim {
    const at = this.#monotonic();
    const bounded = kinds.map((kind) => ({ kind, bound: this.#usable(kind, at) }));
    const whole = new Set(bounded.filter(({ bound }) => bound === null).map(({ kind }) => kind));
    const ranges = whole.size === kinds.length ? null : bounded.flatMap(({ kind, bound }) => rangesOf(kind, bound));
    return { ranges, whole, admitted: this.#admitted };
  }

  /** Learns from a claim up to where everything was taken. */
  end({ whole, admitted }: BoundedClaim, outcome: ClaimOutcome): void {
    const { kinds, taken, isShort, now, tookMs } = outcome;
    for (const kind of kinds) {
      const before = this.#bounds.get(kind);
      const isLook = before === undefined || whole.has(kind);
      const { lookedAt, lookMs } = isLook ? { lookedAt: this.#monotonic(), lookMs: tookMs } : before;
      const own = taken.filter((task) => task.kind === kind);
      const levels = new Map(isLook ? [] : before.levels);
      for (const { priority, scheduledAt } of own) {
        levels.set(priority, Math.max(levels.get(priority) ?? always, Math.min(scheduledAt, now - slackMs)));
      }
      // What was let in while the claim ran may stand before what it took.
      const isOver = admitted !== this.#admitted || levels.size > mostLevels || (isShort && lookMs < slowLookMs);
      if (isOver) this.#bounds.delete(kind);
      else this.#bounds.set(kind, { levels, taken: (before?.taken ?? 0) + own.length, lookedAt, lookMs });
    }
  }

  /** A task that stands at `scheduledAt` was let in at `now`: no bound may hide it. */
  admit(scheduledAt: EpochMs, now: EpochMs): void {
    if (scheduledAt > now - slackMs) return;
    this.#admitted += 1;
    for (const [kind, { levels }] of this.#bounds) {
      if ([...levels.values()].some((from) => from > scheduledAt)) this.#bounds.delete(kind);
    }
  }

  #usable(kind: string, at: number): Bound | null {
    const bound = this.#bounds.get(kind);
    if (!bound || (bound.taken < leastTaken && bound.lookMs < slowLookMs)) return null;
    return at - bound.lookedAt < Math.max(lookEveryMs, bound.lookMs * 20) ? bound : null;
  }
}

/** The ranges of a kind in the order of claims: between two priorities that are bounded lies one that is not. */
function rangesOf(kind: string, bound: Bound | null): readonly ReadyRange[] {
  const ranges: ReadyRange[] = [];
  let high = highest;
  for (const [priority, from] of [...(bound?.levels ?? [])].toSorted(([a], [b]) => b - a)) {
    if (priority < high) ranges.push({ kind, high, low: priority + 1, from: always });
    ranges.push({ kind, high: priority, low: priority, from });
    high = priority - 1;
  }
  if (high >= lowest) ranges.push({ kind, high, low: lowest, from: always });
  return ranges;
}
