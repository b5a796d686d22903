import type { ReactElement } from "react";
import { read } from "../api/request.ts";
import { countText } from "../format/numbers.ts";
import { shortText } from "../format/times.ts";
import { useLiveQuery } from "../live/use-live-query.ts";
import { useZone } from "../settings/use-zone.ts";
import { ageTerm } from "./age-term.ts";
import { withOnly } from "../query/query-text.ts";
import { hrefOf } from "../routes/route.ts";

interface Histogram {
  readonly from: number;
  readonly now: number;
  readonly partMs: number;
  readonly parts: readonly { readonly at: number; readonly count: number }[];
  readonly knownFrom: number | null;
  readonly searched: number | null;
}

/** When the matches of the last day were made; a column leads to those of its time. */
export function MatchHistogram({ q }: { readonly q: string }): ReactElement {
  const base = withOnly(q, "age", null);
  const zone = useZone();
  const { data } = useLiveQuery<Histogram>({
    queryKey: ["histogram", base],
    queryFn: ({ signal }) => read<Histogram>("histogram", { query: { q: base, window: "24h" }, signal }),
    everyMs: 30_000,
  });
  // Its room is there before it is, so that the rows below stay where they are.
  if (!data || data.parts.every(({ count }) => count === 0)) {
    return <p className="h-8 text-text-3 max-md:hidden">{data ? "None was made in the last 24 hours." : ""}</p>;
  }
  const most = Math.max(...data.parts.map(({ count }) => count));
  return (
    <ol
      aria-label="When they were made, over the last 24 hours"
      className="flex h-8 items-stretch gap-px max-md:hidden"
    >
      {data.parts.map(({ at, count }) => {
        const words = `${countText(count)} from ${shortText(at, zone)}`;
        const isKnown = data.knownFrom !== null && at + data.partMs > data.knownFrom;
        return (
          <li key={at} className="flex grow items-end">
            {count === 0 ? (
              <span className={`w-full ${isKnown ? "h-px bg-line" : ""}`} title={isKnown ? words : "not known"} />
            ) : (
              <a
                href={hrefOf({
                  page: "tasks",
                  q: withOnly(base, "age", ageTerm(at, { now: data.now, partMs: data.partMs })),
                })}
                aria-label={words}
                title={words}
                className="flex h-full w-full items-end hover:bg-surface-3"
              >
                <span
                  className="w-full rounded-t-xs bg-idle-mark"
                  style={{ height: `${Math.max(8, (100 * count) / most)}%` }}
                />
              </a>
            )}
          </li>
        );
      })}
    </ol>
  );
}
