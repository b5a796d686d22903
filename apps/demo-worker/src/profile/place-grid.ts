import type { PlaceCounts } from "./dataset-profile.ts";

/** Counts rows by where on the globe they lie; the squares widen when they become too many. */
export interface PlaceGrid {
  add(longitude: number, latitude: number): void;
  finish(): PlaceCounts | null;
}

const finestDegrees = 0.125;
const longitudeNames = /^(?:longitude|long|lon|lng)$/i;
const latitudeNames = /^(?:latitude|lat)$/i;

/** Whether a column of this name holds a place, and which half of it. */
export function placeAxis(column: string): "longitude" | "latitude" | null {
  if (longitudeNames.test(column)) return "longitude";
  return latitudeNames.test(column) ? "latitude" : null;
}

/** @param cap How many squares are kept before four of them are joined into one. */
export function createPlaceGrid(cap: number): PlaceGrid {
  let degrees = finestDegrees;
  let squares = new Map<number, number>();

  const keyOf = (longitude: number, latitude: number): number =>
    Math.floor((latitude + 90) / degrees) * 100_000 + Math.floor((longitude + 180) / degrees);

  const middleOf = (key: number): readonly [longitude: number, latitude: number] => [
    ((key % 100_000) + 0.5) * degrees - 180,
    (Math.floor(key / 100_000) + 0.5) * degrees - 90,
  ];

  const widen = (): void => {
    const finer = [...squares].map(([key, rows]) => ({ middle: middleOf(key), rows }));
    degrees *= 2;
    squares = new Map();
    for (const { middle, rows } of finer) {
      const key = keyOf(...middle);
      squares.set(key, (squares.get(key) ?? 0) + rows);
    }
  };

  return {
    add(longitude, latitude) {
      if (!(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90)) return;
      const key = keyOf(longitude, latitude);
      squares.set(key, (squares.get(key) ?? 0) + 1);
      while (squares.size > cap) widen();
    },
    finish() {
      if (squares.size === 0) return null;
      const cells = [...squares].map(([key, rows]) => {
        const [longitude, latitude] = middleOf(key);
        return { longitude, latitude, rows };
      });
      return { degrees, cells: cells.toSorted((a, b) => a.latitude - b.latitude || a.longitude - b.longitude) };
    },
  };
}
