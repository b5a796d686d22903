import type { HostRecord } from "@millrace/models";
import type { StateWord } from "../state/state-words.ts";

/** How a host is, by its beat alone. */
export interface HostHealth extends StateWord {
  readonly state: "live" | "late" | "lost" | "draining" | "stopped" | "replaced";
}

const words: Readonly<Record<HostHealth["state"], StateWord>> = {
  live: { word: "Live", tone: "ok", glyph: "check" },
  late: { word: "Late", tone: "warn", glyph: "triangle" },
  lost: { word: "Lost", tone: "bad", glyph: "dashed" },
  draining: { word: "Draining", tone: "idle", glyph: "bars" },
  stopped: { word: "Stopped", tone: "idle", glyph: "slashed" },
  replaced: { word: "Replaced", tone: "idle", glyph: "skip" },
};

/** Says how a host is at a moment. Pure. */
export function hostHealth(
  { state, lastSeenAt, aliveUntil, aliveForMs, drainRequestedAt, supersededAt }: HostRecord,
  now: number,
): HostHealth {
  const of = (name: HostHealth["state"]): HostHealth => ({ state: name, ...words[name] });
  if (state === "stopped") return of("stopped");
  if (now > aliveUntil) return of(supersededAt === null ? "lost" : "replaced");
  // A beat comes three times in the time after which a host counts as lost.
  if (now - lastSeenAt > (2 * aliveForMs) / 3 + 1_000) return of("late");
  if (state === "draining" || drainRequestedAt !== null) return of("draining");
  return of(supersededAt === null ? "live" : "replaced");
}

/** Versions that not all live hosts have. Pure. */
export function hasVersionSkew(hosts: readonly HostRecord[], now: number): boolean {
  const live = hosts.filter((host) => ["live", "late", "draining"].includes(hostHealth(host, now).state));
  return new Set(live.map(({ version }) => version)).size > 1;
}
