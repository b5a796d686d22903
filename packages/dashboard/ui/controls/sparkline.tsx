import type { ReactElement } from "react";

/** Counts over time as small columns from zero; it says in words what it shows. */
export function Sparkline({
  values,
  label,
  tone = "idle",
}: {
  readonly values: readonly number[];
  readonly label: string;
  readonly tone?: "idle" | "bad" | "ok";
}): ReactElement {
  const most = Math.max(1, ...values);
  const width = 100 / Math.max(1, values.length);
  const colour = { idle: "var(--idle-mark)", bad: "var(--bad-mark)", ok: "var(--ok-mark)" }[tone];
  return (
    <svg viewBox="0 0 100 20" preserveAspectRatio="none" role="img" aria-label={label} className="h-5 w-full">
      <rect x="0" y="19.2" width="100" height="0.8" fill="var(--border)" />
      {values.map((value, index) => {
        const height = value === 0 ? 0 : Math.max(1.5, (19 * value) / most);
        return (
          <rect
            key={index}
            x={index * width + width * 0.12}
            width={width * 0.76}
            y={19.2 - height}
            height={height}
            fill={colour}
          />
        );
      })}
    </svg>
  );
}
