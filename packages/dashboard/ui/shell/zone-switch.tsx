import type { ReactElement } from "react";
import { zoneName, zoneOf } from "../format/times.ts";
import { usePreferences } from "../settings/preferences.ts";

/** Switches every time on the page between UTC and the reader's own zone. */
export function ZoneSwitch(): ReactElement {
  const [{ zone }, change] = usePreferences();
  const local = zoneOf("local");
  const isUtc = zone === "UTC";
  const isSame = local === "UTC" && zone !== "UTC" && zoneOf(zone) === "UTC";
  const shown = isSame ? "Local (UTC)" : zoneName(zoneOf(zone), Date.now());
  return (
    <button
      type="button"
      className="button button-quiet"
      title={`Times are shown in ${zoneOf(zone)}. Press for ${isUtc ? local : "UTC"}`}
      aria-label={`${shown}: times in ${zoneOf(zone)}; show them in ${isUtc ? local : "UTC"}`}
      onClick={() => change({ zone: isUtc ? "local" : "UTC" })}
    >
      {shown}
    </button>
  );
}
