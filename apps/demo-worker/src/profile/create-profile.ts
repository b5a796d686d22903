import type { Row } from "../read/row-source.ts";
import { classifyValue, type Cell } from "./classify-value.ts";
import type { ColumnProfile, DatasetProfile, TimeLine } from "./dataset-profile.ts";
import { isEpochColumn, readEpoch } from "./epoch-column.ts";
import { findRelation, type SampledRow } from "./find-relation.ts";
import { createPlaceGrid, placeAxis } from "./place-grid.ts";
import { profileColumn, type ColumnProfiler } from "./profile-column.ts";
import { createReservoir } from "./reservoir.ts";
import { createTimeBuckets } from "./time-buckets.ts";

export interface ProfileOptions {
  /** Whether values come with their types, as in JSON, or all as text, as in CSV. */
  readonly isTyped: boolean;
  /** Columns that matter most, best first; they decide which pair is looked at. */
  readonly favourites?: readonly string[];
}

/** Sums up rows one by one. Memory is bounded, however many rows come. */
export interface Profile {
  add(row: Row): void;
  finish(): DatasetProfile;
}

const timeStretches = 800;
const placeSquares = 4000;
const sampledRows = 500;
const mostGroups = 6;

export function createProfile({ isTyped, favourites = [] }: ProfileOptions): Profile {
  const columns = new Map<string, ColumnProfiler>();
  const places = createPlaceGrid(placeSquares);
  const sample = createReservoir<SampledRow>(sampledRows);
  const time = { column: null as string | null, buckets: createTimeBuckets(timeStretches) };
  let rows = 0;

  const classifyRow = (row: Row): Map<string, Cell> => {
    const cells = new Map<string, Cell>();
    for (const [name, value] of Object.entries(row)) {
      const cell = classifyValue(value, isTyped);
      cells.set(name, isEpochColumn(name) ? readEpoch(cell) : cell);
    }
    return cells;
  };

  const addTime = (cells: SampledRow): void => {
    time.column ??= firstDateColumn(cells);
    const cell = time.column === null ? undefined : cells.get(time.column);
    if (cell?.kind === "date") time.buckets.add(Number(cell.value), numbersOf(cells));
  };

  const timeLine = (): TimeLine | null => {
    if (time.column === null) return null;
    const { unit, buckets } = time.buckets.finish();
    return { column: time.column, unit, buckets };
  };

  return {
    add(row) {
      rows += 1;
      const cells = classifyRow(row);
      for (const [name, cell] of cells) columnOf(columns, name, isTyped).add(cell);
      addTime(cells);
      const place = placeOf(cells);
      if (place !== null) places.add(place.longitude, place.latitude);
      sample.add(cells);
    },
    finish() {
      const profiles = [...columns.values()].map((column) => column.finish(rows));
      const wanted = wantedFirst(profiles, favourites);
      const relation = findRelation({
        rows: sample.items,
        isExact: sample.isComplete(),
        numericColumns: wanted.filter((column) => isMeasure(column) && favourites.includes(column.name)).map(nameOf),
        groupColumns: wanted.filter(isGrouping).map(nameOf),
      });
      return { rows, columns: profiles, timeLine: timeLine(), places: places.finish(), relation };
    },
  };
}

function columnOf(columns: Map<string, ColumnProfiler>, name: string, isTyped: boolean): ColumnProfiler {
  const known = columns.get(name);
  if (known !== undefined) return known;
  const column = profileColumn(name, isTyped);
  columns.set(name, column);
  return column;
}

function firstDateColumn(cells: SampledRow): string | null {
  for (const [name, cell] of cells) if (cell.kind === "date") return name;
  return null;
}

function numbersOf(cells: SampledRow): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const [name, cell] of cells) {
    if (cell.kind === "integer" || cell.kind === "number") numbers.set(name, Number(cell.value));
  }
  return numbers;
}

function placeOf(cells: SampledRow): { readonly longitude: number; readonly latitude: number } | null {
  const place = { longitude: Number.NaN, latitude: Number.NaN };
  for (const [name, cell] of cells) {
    const axis = placeAxis(name);
    if (axis !== null && cell.kind !== "missing") place[axis] = Number(cell.value);
  }
  return Number.isNaN(place.longitude) || Number.isNaN(place.latitude) ? null : place;
}

function wantedFirst(columns: readonly ColumnProfile[], favourites: readonly string[]): readonly ColumnProfile[] {
  const rank = (column: ColumnProfile): number => {
    const index = favourites.indexOf(column.name);
    return index === -1 ? favourites.length : index;
  };
  return columns.toSorted((a, b) => rank(a) - rank(b));
}

function isMeasure(column: ColumnProfile): boolean {
  return (column.type === "number" || column.type === "integer") && placeAxis(column.name) === null;
}

function isGrouping(column: ColumnProfile): boolean {
  return column.type === "text" && column.distinct.count >= 2 && column.distinct.count <= mostGroups;
}

function nameOf(column: ColumnProfile): string {
  return column.name;
}
