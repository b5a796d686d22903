import type { ClaimRequest, KindSlots } from "@millrace/models";

/** What a host knows of one kind it serves when it is about to claim. */
export interface KindDemand {
  readonly kind: string;
  /** How many tasks one run takes: 1, or the size of a batch kind. */
  readonly batchSize: number;
  /** Whether its executor gives a run a process or thread of its own. */
  readonly isolated: boolean;
  /** How many more runs its executor takes now; null = as many as asked. */
  readonly executorFree: number | null;
  /** How many runs its executor holds at most: an isolated one may have as many waiting; null = no bound. */
  readonly executorPlaces: number | null;
  /** How many tasks of the kind wait here, claimed but not started. */
  readonly waiting: number;
  /** How many tasks of the kind this host finishes in 100 ms, measured; null = not measured yet. */
  readonly finishedPer100Ms: number | null;
  /** A store-wide, key or rate limit holds for it: what is claimed counts, so nothing may be claimed ahead. */
  readonly limited: boolean;
}

/** What a host knows of itself when it is about to claim. */
export interface HostDemand {
  readonly hostId: string;
  readonly leaseMs: number;
  /** How many tasks may wait here at most, claimed but not started, over all kinds. */
  readonly prefetch: number;
  /** Runs that could start at once, beyond those for which tasks wait here already. */
  readonly freeRuns: number;
  /** Whether nothing runs, waits or settles here. */
  readonly idle: boolean;
  /** A suspect that must run alone runs here. */
  readonly suspectRuns: boolean;
  /** Suspects have waited long enough: take nothing until this host is idle. */
  readonly draining: boolean;
  readonly kinds: readonly KindDemand[];
}

/** How many tasks one claim asks for at most. */
const maxClaim = 1_000;

/**
 * What to ask a store for now; null = nothing. Free runs by kind, and ahead of them only what the measured rate of a kind
 * finishes in 100 ms. In-process and isolated kinds are asked for apart, since suspects are treated differently: an isolated
 * executor gives each a process of its own; in this process one runs while nothing else does. Ask for `in-process` first: an idle host
 * may take a suspect only while nothing else has begun. Pure.
 */
export function claimBudget(host: HostDemand, group: "in-process" | "isolated"): ClaimRequest | null {
  if (host.suspectRuns || (host.draining && !host.idle)) return null;
  if (group === "isolated") return requestFor(host, "include");
  return requestFor(host, host.idle ? "alone" : "exclude");
}

function requestFor(host: HostDemand, suspects: ClaimRequest["suspects"]): ClaimRequest | null {
  const demands = host.kinds.filter((kind) => kind.isolated === (suspects === "include"));
  let prefetchLeft = Math.max(0, host.prefetch - demands.reduce((sum, kind) => sum + kind.waiting, 0));
  let limit = 0;
  let largestNow = 0;
  const kinds: KindSlots[] = [];
  for (const demand of demands) {
    const now = startableTasks(host, demand);
    const ahead = Math.min(prefetchLeft, aheadOf(host, demand));
    // Refilling for every task that ends would make a claim of each: wait until half of it has drained.
    const refill = now > 0 || demand.waiting * 2 <= ahead + demand.waiting ? ahead : 0;
    const slots = Math.min(maxClaim, now + refill);
    if (slots <= 0) continue;
    prefetchLeft -= refill;
    limit += refill;
    largestNow = Math.max(largestNow, demand.batchSize);
    kinds.push({ kind: demand.kind, slots });
  }
  if (kinds.length === 0) return null;
  const startable = Math.max(0, host.freeRuns) * largestNow;
  const total = Math.min(maxClaim, startable + limit, sumOf(kinds));
  return total <= 0 ? null : { hostId: host.hostId, kinds, limit: total, leaseMs: host.leaseMs, suspects };
}

/** Tasks of the kind that could start at once. */
function startableTasks(host: HostDemand, demand: KindDemand): number {
  const runs = Math.min(Math.max(0, host.freeRuns), demand.executorFree ?? Number.MAX_SAFE_INTEGER);
  return Math.max(0, runs) * demand.batchSize;
}

/** How many more tasks of the kind may wait here. */
function aheadOf({ prefetch }: HostDemand, demand: KindDemand): number {
  if (demand.limited || demand.finishedPer100Ms === null) return 0;
  const byRate = Math.floor(demand.finishedPer100Ms);
  const byPlaces = demand.isolated ? (demand.executorPlaces ?? 0) : prefetch;
  return Math.max(0, Math.min(byRate, byPlaces, prefetch) - demand.waiting);
}

function sumOf(kinds: readonly KindSlots[]): number {
  return kinds.reduce((sum, kind) => sum + kind.slots, 0);
}
