import { useEffect, useRef, useState, type ReactElement } from "react";
import uPlot from "uplot";
import { clockText, shortText } from "../format/times.ts";
import { usePreferences, shownTheme } from "../settings/preferences.ts";
import { useZone } from "../settings/use-zone.ts";
import { chartOptions, type ChartParts } from "./chart-options.ts";

const height = 180;

/** Numbers over time, as a picture and, for who wants it, as a table. */
export function TimeChart({
  title,
  summary,
  parts,
}: {
  readonly title: string;
  readonly summary: string;
  readonly parts: ChartParts;
}): ReactElement {
  const [isTable, setTable] = useState(false);
  const [point, setPoint] = useState<number | null>(null);
  const zone = useZone();
  const at = point === null ? undefined : parts.times[point];
  return (
    <section className="panel" aria-label={title}>
      <div className="panel-head">
        <h2 className="panel-title">{title}</h2>
        <Key parts={parts} point={at === undefined ? null : point} />
        <div className="grow" />
        <span className="text-text-3">{at === undefined ? "" : clockText(at, zone, Date.now())}</span>
        <button type="button" className="button button-quiet" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? "As a picture" : "As a table"}
        </button>
      </div>
      {isTable ? (
        <Numbers title={title} parts={parts} />
      ) : (
        <Picture summary={summary} parts={parts} onPoint={setPoint} />
      )}
    </section>
  );
}

function Key({
  parts: { series, valueText },
  point,
}: {
  readonly parts: ChartParts;
  readonly point: number | null;
}): ReactElement {
  return (
    <ul className="flex flex-wrap gap-x-3 text-text-2">
      {series.map(({ label, colour, look, values }) => {
        const value = point === null ? null : (values[point] ?? null);
        return (
          <li key={label} className="flex items-center gap-1.5">
            <span
              aria-hidden="true"
              className={
                look === "columns"
                  ? "size-2.5 rounded-xs"
                  : `w-3.5 border-t-2 ${look === "dashes" ? "border-dashed" : ""}`
              }
              style={look === "columns" ? { background: `var(--${colour})` } : { borderColor: `var(--${colour})` }}
            />
            {label}
            {value === null ? "" : ` ${valueText(value)}`}
          </li>
        );
      })}
    </ul>
  );
}

function Picture({
  summary,
  parts,
  onPoint,
}: {
  readonly summary: string;
  readonly parts: ChartParts;
  readonly onPoint: (index: number | null) => void;
}): ReactElement {
  const ref = useRef<HTMLDivElement>(null);
  const zone = useZone();
  const [{ theme }] = usePreferences();
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watcher.observe(box);
    return () => watcher.disconnect();
  }, []);
  const shown = shownTheme();
  useEffect(() => {
    if (!ref.current || width < 40) return;
    const colours = getComputedStyle(document.documentElement);
    const options = chartOptions(parts, {
      width,
      height,
      zone,
      colourOf: (token) => colours.getPropertyValue(`--${token}`).trim(),
      onPoint,
    });
    const data: uPlot.AlignedData = [
      parts.times.map((at) => at / 1_000),
      ...parts.series.map(({ values }) => [...values]),
    ];
    const plot = new uPlot(options, data, ref.current);
    return () => plot.destroy();
  }, [parts, width, zone, theme, shown, onPoint]);
  return <div ref={ref} role="img" aria-label={summary} className="h-[188px] overflow-hidden px-2 pt-1" />;
}

function Numbers({
  title,
  parts: { times, series, valueText },
}: {
  readonly title: string;
  readonly parts: ChartParts;
}): ReactElement {
  const zone = useZone();
  const rows = times.map((at, index) => ({ at, index })).toReversed();
  return (
    <div className="h-[188px] overflow-auto" tabIndex={0} role="group" aria-label={`${title} as a table`}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">From</th>
            {series.map(({ label }) => (
              <th key={label} scope="col" className="end">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, index }) => (
            <tr key={at}>
              <th scope="row">{shortText(at, zone)}</th>
              {series.map(({ label, values }) => {
                const value = values[index] ?? null;
                return (
                  <td key={label} className="end">
                    {value === null ? "—" : valueText(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
