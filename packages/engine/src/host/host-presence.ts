import type { Clock, HostBeat, HostsFacet, Logger, TaskStore } from "@millrace/models";
import { messageOf } from "../runner/store-trouble.ts";
import type { RunnerSettings } from "./host-options.ts";

/** How this host is seen by the others, and what they ask of it. */
export interface HostPresence {
  /**
   * Says that this host begins, and takes its pod's place if it has one; must end before anything is claimed. Rejects when a
   * host of a pod could not say so.
   */
  begin(): Promise<void>;
  /** Says where this host is; does nothing where the store keeps no list of hosts. Never rejects. */
  beat(state: HostBeat["state"]): Promise<void>;
  /** Whether this host must take no more: an operator wants it so, or another host lives as its pod now. */
  readonly isHeldBack: boolean;
  /** Logs kinds that are due and that no live host serves: one host of the store does, once until that is over. */
  reportUnserved(): Promise<void>;
  /** Looks up which kinds are limited over the whole store. */
  refreshLimits(): Promise<void>;
  isLimited(kind: string): boolean;
}

export interface PresencePorts {
  readonly settings: Pick<RunnerSettings, "id" | "podId" | "recoverOnStart" | "concurrency" | "heartbeatMs">;
  readonly label: string;
  readonly version: string;
  readonly store: Pick<TaskStore, "facet" | "kinds">;
  readonly clock: Clock;
  readonly logger: Logger;
  running(): number;
  servedKinds(): readonly string[];
  /** This host may take tasks again. */
  onLetGo(): void;
}

/** Enough to see every limit that matters for claiming ahead; keys are noticed on the tasks themselves. */
const mostLimits = 1_000;
/** A host counts as lost when it missed so many beats. */
const beatsToBeLost = 3;

/** Makes the presence of one life of a host. */
export function createHostPresence(ports: PresencePorts): HostPresence {
  const { store, logger, settings, label, version } = ports;
  const { id: hostId, podId } = settings;
  const hosts: HostsFacet | null = store.facet("hosts");
  let isDrained = false;
  let supersededBy: string | null = null;
  let failing = false;
  let storeLimited = false;
  let limited: ReadonlySet<string> = new Set();

  const noteHolder = (holder: string | null): void => {
    if (holder !== null && supersededBy === null) {
      logger.warn(`The host ${holder} lives as "${podId}" now: this one takes no more tasks until that one is gone.`, {
        hostId,
        supersededBy: holder,
      });
    }
    if (holder === null && supersededBy !== null) logger.info(`This host lives as "${podId}" again.`, { hostId });
    supersededBy = holder;
  };

  const send = async (change: Pick<HostBeat, "state" | "begins">): Promise<void> => {
    if (!hosts) return;
    const answer = await hosts.beat({
      hostId,
      podId,
      label,
      version,
      slots: settings.concurrency,
      aliveForMs: settings.heartbeatMs * beatsToBeLost,
      kinds: ports.servedKinds(),
      running: ports.running(),
      ...change,
    });
    const wasHeldBack = isDrained || supersededBy !== null;
    isDrained = answer.drain;
    noteHolder(answer.supersededBy);
    if (wasHeldBack && !isDrained && supersededBy === null) ports.onLetGo();
    failing = false;
  };

  const noteFailure = (error: unknown): void => {
    if (!failing) logger.warn("This host could not say that it is alive.", { error: messageOf(error) });
    failing = true;
  };

  return {
    get isHeldBack() {
      return isDrained || supersededBy !== null;
    },
    async begin() {
      try {
        await send({ state: "running", begins: { recover: settings.recoverOnStart } });
      } catch (error) {
        // Said later, it would take from this host what it has claimed itself.
        if (podId !== null) throw error;
        noteFailure(error);
      }
    },
    async beat(state) {
      try {
        await send({ state });
      } catch (error) {
        noteFailure(error);
      }
    },
    async reportUnserved() {
      for (const { kind, queued, since } of (await hosts?.tellUnserved()) ?? []) {
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
