import type { EpochMs } from "../time/clock.ts";

/** What a host says of itself with every heartbeat. */
export interface HostBeat {
  readonly hostId: string;
  /** The host counts as lost when not heard of for so long. */
  readonly aliveForMs: number;
  readonly kinds: readonly string[];
  readonly slots: number;
  readonly running: number;
  readonly state: "running" | "draining" | "stopped";
  /** The name of the machine or process, for people. */
  readonly label: string;
  /** Which version of the user's program it is, for people. */
  readonly version: string;
  /** What stays the same when a host is started anew, such as a pod or a unit; null = nothing. One host at a time lives as it. */
  readonly podId: string | null;
  /**
   * Said with the first beat of a life: every other host of this pod is superseded by this one. `recover`: what they hold is
   * taken from them by the next sweep; else it stays theirs until their leases end.
   */
  readonly begins?: { readonly recover: boolean };
}

/** What a host is told in return. */
export interface BeatAnswer {
  /** An operator wants this host to take no more. */
  readonly drain: boolean;
  /** The host that lives as this one's pod now: this one must take no more until that one is gone. Null = none does. */
  readonly supersededBy: string | null;
}

/** A host as the store knows it. */
export interface HostRecord extends Omit<HostBeat, "begins"> {
  readonly startedAt: EpochMs;
  readonly lastSeenAt: EpochMs;
  readonly aliveUntil: EpochMs;
  readonly drainRequestedAt: EpochMs | null;
  /** When another host took its pod's place; null = it has it, or has no pod. */
  readonly supersededAt: EpochMs | null;
  readonly supersededBy: string | null;
}

/** A kind with tasks that nobody can take. */
export interface UnservedKind {
  readonly kind: string;
  /** How many of them are due; no more than 1,000 are counted. */
  readonly queued: number;
  /** When the first of those fell due. */
  readonly since: EpochMs;
}

/** Knows which hosts live. */
export interface HostsFacet {
  /**
   * Writes the heartbeat. A `stopped` beat ends the host. A host that was superseded, lost or forgotten comes back with its
   * next beat, unless another one lives as its pod.
   */
  beat(beat: HostBeat): Promise<BeatAnswer>;
  /** Hosts heard of in the last 24 h, newest first. */
  list(): Promise<readonly HostRecord[]>;
  /** Asks a host to take no more tasks (or to go on); false when there is no such host. */
  drain(hostId: string, drain: boolean): Promise<boolean>;
  /** Queued kinds, due, that no live host serves and no one paused, by name. Tasks behind a full key may be left out. */
  unserved(): Promise<readonly UnservedKind[]>;
  /**
   * The same as a sweep: tells `kind_unserved` once of each, and `kind_served` when that is over, so that it is told anew when
   * it comes back. Answers those it has told now. Any host may call it any time; within 10 s of the last look it does nothing.
   */
  tellUnserved(): Promise<readonly UnservedKind[]>;
}
