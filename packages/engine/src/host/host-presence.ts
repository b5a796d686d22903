import type { Clock, HostBeat, HostsFacet, Logger, TaskStore } from "@millrace/models";
import { messageOf } from "../runner/store-trouble.ts";

/** How this host is seen by the others, and what they ask of it. */
export interface HostPresence {
  /** Says where this host is; does nothing where the store keeps no list of hosts. Never rejects. */
  beat(state: HostBeat["state"]): Promise<void>;
  /** Whether an operator wants this host to take no more. */
  readonly isDrained: boolean;
  /** Logs kinds that are due and that no live host serves, each at most once in ten minutes. */
  reportUnserved(): Promise<void>;
  /** Looks up which kinds are limited over the whole store. */
  refreshLimits(): Promise<void>;
  isLimited(kind: string): boolean;
}

export interface PresencePorts {
  readonly hostId: string;
  readonly label: string;
  readonly slots: number;
  readonly aliveForMs: number;
  readonly store: Pick<TaskStore, "facet" | "kinds">;
  readonly clock: Clock;
  readonly logger: Logger;
  running(): number;
  servedKinds(): readonly string[];
  /** An operator lets this host take tasks again. */
  onUndrained(): void;
}

const tellAgainMs = 600_000;
/** Enough to see every limit that matters for claiming ahead; keys are noticed on the tasks themselves. */
const mostLimits = 1_000;

/** Makes the presence of one life of a host. */
export function createHostPresence(ports: PresencePorts): HostPresence {
  const { store, clock, logger } = ports;
  const hosts: HostsFacet | null = store.facet("hosts");
  const toldAt = new Map<string, number>();
  let isDrained = false;
  let failing = false;
  let storeLimited = false;
  let limited: ReadonlySet<string> = new Set();

  return {
    get isDrained() {
      return isDrained;
    },
    async beat(state) {
      if (!hosts) return;
      const { hostId, label, slots, aliveForMs } = ports;
      const kinds = ports.servedKinds();
      try {
        const { drain } = await hosts.beat({
          hostId,
          label,
          slots,
          aliveForMs,
          kinds,
          running: ports.running(),
          state,
          version: "",
        });
        failing = false;
        const wasDrained = isDrained;
        isDrained = drain;
        if (wasDrained && !drain) ports.onUndrained();
      } catch (error) {
        if (!failing) logger.warn("This host could not say that it is alive.", { error: messageOf(error) });
        failing = true;
      }
    },
    async reportUnserved() {
      for (const { kind, queued, since } of (await hosts?.unserved()) ?? []) {
        const now = clock.monotonic();
        const last = toldAt.get(kind);
        if (last !== undefined && now - last < tellAgainMs) continue;
        toldAt.set(kind, now);
        logger.warn(`No live host serves the kind "${kind}".`, { kind, queued, since });
      }
    },
    async refreshLimits() {
      const kinds = await store.kinds();
      const found = new Set(kinds.filter((kind) => kind.limit !== null || kind.rate !== null).map(({ kind }) => kind));
      let ofStore = false;
      for (const { scope, limit, rate } of (await store.facet("limits")?.list(mostLimits)) ?? []) {
        if (limit === null && rate === null) continue;
        if (scope.type === "store") ofStore = true;
        if (scope.type === "kind") found.add(scope.kind);
      }
      limited = found;
      storeLimited = ofStore;
    },
    isLimited: (kind) => storeLimited || limited.has(kind),
  };
}
