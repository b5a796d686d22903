import type { Relation } from "./dataset-profile.ts";
import type { Cell } from "./classify-value.ts";

export type SampledRow = ReadonlyMap<string, Cell>;

export interface RelationRequest {
  readonly rows: readonly SampledRow[];
  /** Whether the rows are all there are. */
  readonly isExact: boolean;
  /** Numeric columns, the most wanted first. */
  readonly numericColumns: readonly string[];
  /** Columns of a few texts, the most wanted first. */
  readonly groupColumns: readonly string[];
}

/** Weaker than this is a cloud; stronger is one thing measured twice. */
const weakest = 0.35;
const strongest = 0.995;
const fewestPoints = 30;

/** The first pair of the wanted columns that moves together, or `null` when none does. */
export function findRelation(request: RelationRequest): Relation | null {
  for (const [index, x] of request.numericColumns.entries()) {
    for (const y of request.numericColumns.slice(index + 1)) {
      const pairs = request.rows.filter((row) => isNumber(row.get(x)) && isNumber(row.get(y)));
      const r = correlation(pairs.map((row) => [numberIn(row, x), numberIn(row, y)]));
      const isWorthDrawing = pairs.length >= fewestPoints && Math.abs(r) >= weakest && Math.abs(r) <= strongest;
      if (isWorthDrawing) return { x, y, r, isExact: request.isExact, ...drawn(pairs, { ...request, x, y }) };
    }
  }
  return null;
}

function drawn(
  rows: readonly SampledRow[],
  { x, y, groupColumns }: RelationRequest & { readonly x: string; readonly y: string },
): Pick<Relation, "groupColumn" | "points"> {
  const groupColumn = groupColumns[0] ?? null;
  const points = rows.map((row) => {
    const cell = groupColumn === null ? undefined : row.get(groupColumn);
    const group = cell === undefined || cell.kind === "missing" ? null : String(cell.value);
    return { x: numberIn(row, x), y: numberIn(row, y), group };
  });
  return { groupColumn, points };
}

function isNumber(cell: Cell | undefined): boolean {
  return cell?.kind === "integer" || cell?.kind === "number";
}

function numberIn(row: SampledRow, column: string): number {
  return Number(row.get(column)?.value);
}

function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[at], 0) / pairs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  let [xx, yy, xy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
    xy += (x - meanX) * (y - meanY);
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}
