import type { PagePlace } from "../tail/create-journal-tail.ts";
import type { PageEntry } from "../tail/page-entries.ts";

/**
 * Joins what a reader caught up with to the tail, without a gap and without a double. The tail was attached at a place behind
 * the reader's, so it offers nothing that the reader's snapshot has seen; and the catching-up went on from the snapshot to a
 * place behind the tail's, so nothing is missing between them. What stands in both is told apart by what it is.
 */
export interface Seam {
  /** Brought by catching up. */
  caught(entry: PageEntry): void;
  /** The catching-up is done; `reading` is the last that the tail has begun. One begun later that reaches the end is behind it all. */
  close(reading: number): void;
  /** What of a page of the tail has not been caught up with. */
  unseen(entries: readonly PageEntry[], page: Pick<PagePlace, "reading" | "isEnd">): readonly PageEntry[];
}

/** Makes the seam of one joining. */
export function createSeam(): Seam {
  const seen = new Set<string>();
  let lastReading = Number.POSITIVE_INFINITY;
  return {
    caught: (entry) => void seen.add(nameOf(entry)),
    close(reading) {
      lastReading = reading;
    },
    unseen(entries, { reading, isEnd }) {
      const found = seen.size === 0 ? entries : entries.filter((entry) => !seen.has(nameOf(entry)));
      if (isEnd && reading > lastReading) seen.clear();
      return found;
    },
  };
}

/** An id may be used again once its task is removed, and then counts from 1: the time tells the two apart. */
function nameOf({ event: { taskId, version, type, at } }: PageEntry): string {
  return `${taskId} ${version} ${type} ${at}`;
}
