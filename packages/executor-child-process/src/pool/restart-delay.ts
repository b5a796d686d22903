/** So many deaths in a row are taken as bad luck; from the next on a new child has to wait. */
const freeDeaths = 3;
const firstDelayMs = 100;
const longestDelayMs = 10_000;

/** How long to wait before another child is started after so many deaths in a row, so that a crash loop does not spin. */
export function restartDelayMs(deathsInARow: number): number {
  if (deathsInARow < freeDeaths) return 0;
  return Math.min(longestDelayMs, firstDelayMs * 2 ** (deathsInARow - freeDeaths));
}
