const exact = new Intl.NumberFormat("en-US");

/** A count as people read it: exact below 10,000, then `12.4k`, `1.24M`. */
export function countText(count: number): string {
  if (!Number.isFinite(count)) return "—";
  if (Math.abs(count) < 10_000) return exact.format(count);
  if (Math.abs(count) < 999_500) return `${significant(count / 1_000)}k`;
  if (Math.abs(count) < 999_500_000) return `${significant(count / 1_000_000)}M`;
  return `${significant(count / 1_000_000_000)}G`;
}

/** Every digit, for a title or a dialog. */
export function exactText(count: number): string {
  return exact.format(count);
}

/** A count that may be only a lower bound. */
export function atLeastText({ count, exact: isExact }: { readonly count: number; readonly exact: boolean }): string {
  return isExact ? countText(count) : `${countText(count)}+`;
}

/** A share of 0 to 1 as percent, with one decimal below 10. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (!Number.isFinite(percent)) return "—";
  return percent !== 0 && percent < 10 ? `${percent.toFixed(1)}%` : `${Math.round(percent)}%`;
}

/** Bytes in units of 1,000. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 999_500) return `${significant(bytes / 1_000)} kB`;
  if (bytes < 999_500_000) return `${significant(bytes / 1_000_000)} MB`;
  return `${significant(bytes / 1_000_000_000)} GB`;
}

/** `1 task`, `2 tasks`. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** Three digits that say something. */
function significant(value: number): string {
  return value
    .toFixed(Math.abs(value) < 9.995 ? 2 : Math.abs(value) < 99.95 ? 1 : 0)
    .replace(/\.?0+$/, (zeros) => (zeros.startsWith(".") ? "" : zeros));
}
