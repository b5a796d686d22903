import { errorCodes, isTaskError, type Clock, type EpochMs } from "@millrace/models";

/** How often, and when last, requests were refused with a code. */
export type RefusalCounts = Readonly<Record<string, { readonly count: number; readonly lastAt: EpochMs }>>;

/** Counts refusals of access by code. */
export interface RefusalCount {
  readonly since: EpochMs;
  add(error: unknown): void;
  read(): RefusalCounts;
}

const statuses: ReadonlySet<number> = new Set([401, 403, 429]);

/** Makes the count: of those nobody knows, who may not, and who ask too often. */
export function createRefusalCount(clock: Clock): RefusalCount {
  const counts = new Map<string, { count: number; lastAt: EpochMs }>();
  return {
    since: clock.now(),
    add(error) {
      if (!isTaskError(error) || !Object.hasOwn(errorCodes, error.code) || !statuses.has(error.status)) return;
      const known = counts.get(error.code);
      counts.set(error.code, { count: (known?.count ?? 0) + 1, lastAt: clock.now() });
    },
    read: () => Object.fromEntries([...counts].map(([code, one]) => [code, { ...one }])),
  };
}
