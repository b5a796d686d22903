import type { ReactElement } from "react";

/** How far something is, 0 to 100; null = nobody knows, and it shows that. Never ahead of what was said. */
export function Meter({ percent, label }: { readonly percent: number | null; readonly label: string }): ReactElement {
  return (
    <div
      className="meter"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? { "data-unknown": "" } : { "aria-valuenow": Math.round(percent) })}
    >
      <span style={percent === null ? undefined : { width: `${percent}%` }} />
    </div>
  );
}
