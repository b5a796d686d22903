import type { EpochMs, HostRecord, KindRecord, UnservedKind } from "@millrace/models";

/** How a host is, as of a moment. */
export type HostHealth = "live" | "late" | "lost" | "draining" | "stopped";

/** How many hosts are how, and how busy those are that take tasks. */
export interface HostSums {
  readonly live: number;
  readonly late: number;
  readonly lost: number;
  readonly draining: number;
  readonly slots: number;
  readonly running: number;
}

/** What is known of the whole store's kinds and hosts. */
export interface Fleet {
  readonly kinds: readonly KindRecord[];
  readonly hosts: readonly HostRecord[];
  /** Kinds with tasks that are due, whoever serves them. */
  readonly waiting: readonly UnservedKind[];
}

/** A host that was not heard of for two thirds of the time after which it is lost is late. Pure. */
export function hostHealth(host: HostRecord, now: EpochMs): HostHealth {
  if (host.state === "stopped" || host.supersededAt !== null) return "stopped";
  if (host.aliveUntil < now) return "lost";
  if (host.state === "draining" || host.drainRequestedAt !== null) return "draining";
  return now - host.lastSeenAt > (host.aliveForMs * 2) / 3 ? "late" : "live";
}

/** Whether a host takes tasks. */
export function takesTasks(host: HostRecord, now: EpochMs): boolean {
  const health = hostHealth(host, now);
  return health === "live" || health === "late";
}

/** Hosts in numbers. Pure. */
export function hostSums(hosts: readonly HostRecord[], now: EpochMs): HostSums {
  const sums = { live: 0, late: 0, lost: 0, draining: 0, slots: 0, running: 0 };
  for (const host of hosts) {
    const health = hostHealth(host, now);
    if (health === "stopped") continue;
    sums[health] += 1;
    if (health === "lost") continue;
    sums.slots += host.slots;
    sums.running += host.running;
  }
  return sums;
}
