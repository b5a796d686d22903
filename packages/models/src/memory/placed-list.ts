/** An item of a `PlacedList`. */
export interface Placed {
  /** Where it stands; only the list writes it. */
  place: number;
}

/**
 * A set for items that come and go without end, each in one list at most. Each knows its place, and the last takes the place of one
 * that goes, so that the list lets go of it at once. Why not a `Set`: see `IdMap`.
 */
export class PlacedList<Item extends Placed> {
  readonly #items: Item[] = [];

  get size(): number {
    return this.#items.length;
  }

  add(item: Item): void {
    item.place = this.#items.push(item) - 1;
  }

  /** Whether it was there. */
  delete(item: Item): boolean {
    if (this.#items[item.place] !== item) return false;
    const last = this.#items.pop();
    if (last && last !== item) {
      last.place = item.place;
      this.#items[item.place] = last;
    }
    return true;
  }

  /** All of them as they are now, in no order. */
  values(): readonly Item[] {
    return [...this.#items];
  }
}
