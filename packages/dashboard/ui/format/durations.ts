const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** A duration in two units at most: `3m 12s`, `1.2s`, `84ms`, `<1ms`; an em dash for none. */
export function durationText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return "—";
  // Clocks of two machines differ: a wait below nothing is none.
  if (ms <= 0) return "0ms";
  if (ms < 1) return "<1ms";
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)}s`;
  const first = units.findIndex(([, size]) => ms >= size);
  const [name, size] = units[first] ?? units[3];
  const next = units[first + 1];
  const whole = Math.floor(ms / size);
  const rest = next === undefined ? 0 : Math.floor((ms - whole * size) / next[1]);
  return next === undefined || rest === 0 ? `${whole}${name}` : `${whole}${name} ${rest}${next[0]}`;
}

/** A duration in the coarsest unit that says something, for lists: `4m`, `2h`, `3d`. */
export function coarseText(ms: number): string {
  const far = Math.abs(ms);
  if (far < 1_000) return "0s";
  const [name, size] = units.find(([, unit]) => far >= unit) ?? units[3];
  return `${Math.floor(far / size)}${name}`;
}

/**
 * When something was or will be, seen from now: `2m ago`, `in 9h`, `now`. The clock of the page moves once a second, later where
 * the page is busy: what has just happened may lie ahead of it.
 */
export function relativeText(at: number, now: number): string {
  const ms = at - now;
  if (ms > -1_000 && ms < 2_000) return "now";
  return ms < 0 ? `${coarseText(ms)} ago` : `in ${coarseText(ms)}`;
}

/** How long is left, rounded so that it does not jump: never more exact than it is known. */
export function roughText(ms: number): string {
  if (ms < 10_000) return "a few seconds";
  if (ms < 90_000) return `${Math.round(ms / 10_000) * 10}s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
