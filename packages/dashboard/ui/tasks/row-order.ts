import type { ListedTask } from "../api/answers.ts";

/** What a list shows while somebody works in it. */
export interface ShownRows {
  readonly rows: readonly ListedTask[];
  /** How many came that are not shown yet. */
  readonly fresh: number;
}

/**
 * The rows to show: the newest answer, or, while somebody points at them or has selected some, those that stand there, each as new as it
 * is known. A row that went stays where it is until then. Pure.
 */
export function rowsToShow(
  shown: readonly ListedTask[] | null,
  latest: readonly ListedTask[],
  isHeld: boolean,
): ShownRows {
  if (shown === null || !isHeld) return { rows: latest, fresh: 0 };
  const byId = new Map(latest.map((task) => [task.id, task]));
  const known = new Set(shown.map(({ id }) => id));
  const rows = shown.map((task) => {
    const now = byId.get(task.id);
    return now && now.version >= task.version ? now : task;
  });
  return { rows, fresh: latest.filter(({ id }) => !known.has(id)).length };
}
