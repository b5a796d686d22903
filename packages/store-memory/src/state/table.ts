import type { UndoLog } from "./undo-log.ts";

/** A map whose changes can be taken back. Values are replaced, never changed in place. */
export class Table<Key, Value> {
  readonly #rows = new Map<Key, Value>();
  readonly #undo: UndoLog;

  constructor(undo: UndoLog) {
    this.#undo = undo;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: Key): Value | undefined {
    return this.#rows.get(key);
  }

  has(key: Key): boolean {
    return this.#rows.has(key);
  }

  values(): MapIterator<Value> {
    return this.#rows.values();
  }

  keys(): MapIterator<Key> {
    return this.#rows.keys();
  }

  entries(): MapIterator<[Key, Value]> {
    return this.#rows.entries();
  }

  set(key: Key, value: Value): void {
    this.#noteOld(key);
    this.#rows.set(key, value);
  }

  delete(key: Key): void {
    if (!this.#rows.has(key)) return;
    this.#noteOld(key);
    this.#rows.delete(key);
  }

  #noteOld(key: Key): void {
    const old = this.#rows.get(key);
    this.#undo.note(() => (old === undefined ? this.#rows.delete(key) : this.#rows.set(key, old)));
  }
}
