let ids: readonly string[] = [];

/** The list that somebody came from, so that they can go through it from a task. */
export const lastList = {
  set(now: readonly string[]): void {
    ids = now;
  },
  /** The neighbour of a task in it; null at its ends. */
  beside(id: string, step: 1 | -1): string | null {
    const at = ids.indexOf(id);
    return at === -1 ? null : (ids[at + step] ?? null);
  },
};
