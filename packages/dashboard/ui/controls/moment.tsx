import type { ReactElement } from "react";
import { relativeText } from "../format/durations.ts";
import { absoluteText, clockText, isoText } from "../format/times.ts";
import { useNow } from "../live/use-now.ts";
import { useZone } from "../settings/use-zone.ts";

/** A moment as seen from now; the whole of it stands in its title. */
export function Ago({ at }: { readonly at: number | null }): ReactElement {
  const now = useNow();
  const zone = useZone();
  if (at === null) return <span className="text-text-3">—</span>;
  return (
    <time dateTime={isoText(at)} title={absoluteText(at, zone)}>
      {relativeText(at, now)}
    </time>
  );
}

/** A moment as a clock shows it, in the zone that was chosen. */
export function Clock({ at }: { readonly at: number | null }): ReactElement {
  const now = useNow();
  const zone = useZone();
  if (at === null) return <span className="text-text-3">—</span>;
  return (
    <time dateTime={isoText(at)} title={absoluteText(at, zone)}>
      {clockText(at, zone, now)}
    </time>
  );
}
