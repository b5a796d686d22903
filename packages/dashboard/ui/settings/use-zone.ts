import { zoneOf } from "../format/times.ts";
import { usePreferences } from "./preferences.ts";

/** The zone in which times are shown. */
export function useZone(): string {
  const [{ zone }] = usePreferences();
  return zoneOf(zone);
}
