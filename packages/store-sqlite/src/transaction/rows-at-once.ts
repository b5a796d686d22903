import type { Sql } from "../connection/connection.ts";
import type { StoreTransaction } from "./store-transaction.ts";

/** A statement about so many rows at once. */
export interface SizedSql {
  readonly rows: number;
  readonly sql: Sql;
}

/**
 * Many rows in one statement cost half or two thirds; a few sizes, so that there are few statements. Written as `or fail`: what
 * goes wrong takes back the whole transaction anyway, and SQLite need not keep a copy of each page that such a statement touches.
 */
export function inSizes(make: (rows: number) => Sql): readonly SizedSql[] {
  return [64, 20, 8].map((rows) => ({ rows, sql: make(rows) }));
}

/** `"?, ?, ?"` */
export function listOf(rows: number, one: string): string {
  return Array.from({ length: rows }, () => one).join(", ");
}

/** What one statement is run with. */
export interface Piece<Item> {
  readonly sql: Sql;
  readonly items: readonly Item[];
}

/** Cuts a list into pieces for which there are statements that may be used, in order, and a rest that goes one by one. */
export function cutBySize<Item>(
  items: readonly Item[],
  sizes: readonly SizedSql[],
  mayUse: (sql: Sql) => boolean = () => true,
): { readonly pieces: readonly Piece<Item>[]; readonly rest: readonly Item[] } {
  const pieces: Piece<Item>[] = [];
  let at = 0;
  for (const { rows, sql } of sizes) {
    if (at + rows > items.length || !mayUse(sql)) continue;
    for (; at + rows <= items.length; at += rows) pieces.push({ sql, items: items.slice(at, at + rows) });
  }
  return { pieces, rest: items.slice(at) };
}

/** Statements about many tasks, which look each up, and the one about a single task. */
export interface TaskSizes {
  readonly many: readonly SizedSql[];
  readonly one: Sql;
}

/** Cuts a list of tasks into pieces with a statement each: one by one where no guess is allowed or the plans are bad. */
export function piecesOf<Item>(
  tx: StoreTransaction,
  items: readonly Item[],
  { many, one }: TaskSizes,
): readonly Piece<Item>[] {
  const { pieces, rest } = cutBySize(items, many, (sql) => tx.mayGuess && tx.connection.findsTasks(sql));
  return [...pieces, ...rest.map((item) => ({ sql: one, items: [item] }))];
}

/** Cuts a list where a neighbour differs from the first of its run, in what the statement binds once. */
export function runsOf<Item>(
  items: readonly Item[],
  isAlike: (item: Item, first: Item) => boolean,
): readonly (readonly [Item, ...Item[]])[] {
  const runs: [Item, ...Item[]][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (last && isAlike(item, last[0])) last.push(item);
    else runs.push([item]);
  }
  return runs;
}
