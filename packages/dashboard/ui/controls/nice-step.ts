/** 1, 2 or 5 times a power of ten, from what is wanted up. Pure. */
export function niceStep(wanted: number): number {
  const size = 10 ** Math.floor(Math.log10(Math.max(wanted, 1e-9)));
  const share = wanted / size;
  return size * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}
