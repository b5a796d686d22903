/** The ages of what was made in a part of time, as a query says them: `30m..60m`, `<30m`. Pure. */
export function ageTerm(at: number, { now, partMs }: { readonly now: number; readonly partMs: number }): string {
  const minutes = (ms: number): number => Math.max(0, Math.ceil(ms / 60_000));
  const [youngest, oldest] = [minutes(now - at - partMs), minutes(now - at)];
  return youngest === 0 ? `<${oldest}m` : `${youngest}m..${oldest}m`;
}
