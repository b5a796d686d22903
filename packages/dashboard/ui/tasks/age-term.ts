/** The ages of what was made in a part of time, as a query says them: `30m..60m`, `<30m`. Pure. */
export function ageTerm(at: number, { now, partMs }: { readonly now: number; readonly partMs: number }): string {
  const minutes = (ms: number): number => Math.max(0, Math.ceil(ms / 60_000));
  const [youngest, oldest] = [minutes(now - at - partMs), minutes(now - at)];
  return youngest === 0 ? `<${oldest}m` : `${youngest}m..${oldest}m`;
}

/** Whether the middle of a part of time is of the ages of such a term; null of a term that is not of this form. Pure. */
export function isOfAge(
  term: string,
  at: number,
  { now, partMs }: { readonly now: number; readonly partMs: number },
): boolean | null {
  const [, youngest = "0", oldest] = /^(?:<|(\d+)m\.\.)(\d+)m$/.exec(term) ?? [];
  if (oldest === undefined) return null;
  // The part that is not over yet has no middle but the half of what was of it.
  const minutes = (now - (at + Math.min(at + partMs, now)) / 2) / 60_000;
  return minutes >= Number(youngest) && minutes <= Number(oldest);
}
