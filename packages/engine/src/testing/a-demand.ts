import type { HostDemand, KindDemand } from "../decide/claim-budget.ts";

/** What a host knows of a kind, in this process and idle unless said otherwise. */
export function aKind(fields: Partial<KindDemand> = {}): KindDemand {
  return {
    kind: "a",
    batchSize: 1,
    isolated: false,
    executorFree: null,
    executorPlaces: null,
    waiting: 0,
    finishedPer100Ms: null,
    limited: false,
    ...fields,
  };
}

/** What a host of four places knows of itself, idle unless said otherwise. */
export function aDemand(fields: Partial<HostDemand> = {}): HostDemand {
  return {
    hostId: "host",
    leaseMs: 30_000,
    prefetch: 200,
    freeRuns: 4,
    idle: true,
    suspectRuns: false,
    draining: false,
    kinds: [aKind()],
    ...fields,
  };
}
