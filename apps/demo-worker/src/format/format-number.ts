/** A whole number with thousands separators: `200,000`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** A measured value short enough for a table: `3.14`, `1,452`, `2.4M`, `1.2e-7`. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e15 || size < 1e-4) return minus(value.toExponential(1));
  if (size >= 1e12) return minus(`${trim(value / 1e12, 1)}T`);
  if (size >= 1e9) return minus(`${trim(value / 1e9, 1)}B`);
  if (size >= 1e6) return minus(`${trim(value / 1e6, 1)}M`);
  if (size >= 1000) return minus(value.toLocaleString("en-US", { maximumFractionDigits: 0 }));
  if (size >= 100) return minus(trim(value, Number.isInteger(value) ? 0 : 1));
  return minus(trim(value, size >= 1 ? 2 : 4));
}

/** A share between 0 and 1 as a percentage: `0%`, `<1%`, `12%`, `>99%`. */
export function formatShare(share: number): string {
  if (share <= 0) return "0%";
  if (share >= 1) return "100%";
  if (share < 0.01) return "<1%";
  if (share > 0.99) return ">99%";
  return `${String(Math.round(share * 100))}%`;
}

/** A file size in decimal units: `9.9 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${String(bytes)} B`;
  if (bytes < 1e6) return `${trim(bytes / 1000, bytes < 1e4 ? 1 : 0)} kB`;
  return `${trim(bytes / 1e6, 1)} MB`;
}

/** A length of time as people say it: `31 ms`, `0.4 s`, `12 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms > 0 && ms < 95) return `${String(Math.round(ms))} ms`;
  if (ms < 10_000) return `${trim(Math.max(0, ms) / 1000, 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${String(seconds)} s`;
  return `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** The real minus sign: as wide as a digit in tabular figures, and never a line break. */
function minus(text: string): string {
  return text.replace(/^-/, "\u2212");
}
