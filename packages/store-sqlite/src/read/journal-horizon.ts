import type { Sql } from "../connection/connection.ts";
import { lastEvent, placeOfCursor } from "./journal-place.ts";
import type { StoreReader } from "./store-reader.ts";

/** How long a saved cursor holds the journal back after its reader was last heard of. */
const cursorCountsForMs = 7 * 24 * 60 * 60 * 1000;

const liveCursors: Sql = (n) => `select cursor from ${n.cursor} where saved_at > ?`;

/** The first row of the journal that some registered reader has still to read. */
export function journalHorizon(reader: StoreReader): number {
  const places = reader.connection
    .use(liveCursors)
    .all(reader.now - cursorCountsForMs)
    .map(([cursor]) => placeOfCursor(reader, String(cursor)))
    // A reader whose cursor would be answered with a reset waits for nothing.
    .flatMap((found) => ("seq" in found ? [found.seq] : []));
  return Math.min(lastEvent(reader) + 1, ...places);
}
