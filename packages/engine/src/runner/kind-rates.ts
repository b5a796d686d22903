/** How many tasks of each kind this host finishes, as measured by how long its runs take. */
export interface KindRates {
  /** A run of this kind took so long for one task. */
  measured(kind: string, ranMs: number): void;
  /** How many it finishes in 100 ms with so many places; null = not measured yet. */
  per100Ms(kind: string, places: number): number | null;
  forget(kind: string): void;
}

/** How much a new measurement moves the mean: a kind that turns slow is noticed within a few runs. */
const weight = 0.2;
/** A mean of few runs says little. */
const fewestRuns = 3;
/** Shorter than a timer can tell. */
const shortestMs = 0.02;

interface Measured {
  runs: number;
  meanMs: number;
}

/** Makes the measurements of one host. */
export function createKindRates(): KindRates {
  const kinds = new Map<string, Measured>();
  return {
    measured(kind, ranMs) {
      const known = kinds.get(kind);
      const ms = Math.max(shortestMs, ranMs);
      if (!known) {
        kinds.set(kind, { runs: 1, meanMs: ms });
        return;
      }
      known.runs += 1;
      // A slow run counts at once: claiming too much ahead keeps tasks from other hosts.
      known.meanMs = ms > known.meanMs * 4 ? ms : known.meanMs + weight * (ms - known.meanMs);
    },
    per100Ms(kind, places) {
      const known = kinds.get(kind);
      return known && known.runs >= fewestRuns ? (places * 100) / known.meanMs : null;
    },
    forget: (kind) => void kinds.delete(kind),
  };
}
