import type { EventFilter, TaskFilter } from "@millrace/models";

/** How many kinds or ids the tail still asks for by name. */
const mostNamed = 200;

/** The narrowest filter of the journal that lets through all that any of these asks for: of nobody, nothing. */
export function tailFilter(filters: readonly TaskFilter[]): EventFilter {
  if (filters.length === 0) return { taskIds: [] };
  const tenants = new Set(filters.map(({ tenantId }) => tenantId));
  const [tenantId] = tenants;
  const kinds = union(filters.map((filter) => filter.kinds));
  const taskIds = union(filters.map((filter) => filter.taskIds));
  return {
    ...(tenants.size === 1 && tenantId !== undefined ? { tenantId } : {}),
    ...(kinds === null ? {} : { kinds }),
    ...(taskIds === null ? {} : { taskIds }),
  };
}

function union(lists: readonly (readonly string[] | undefined)[]): readonly string[] | null {
  const all = new Set<string>();
  for (const list of lists) {
    if (list === undefined) return null;
    for (const value of list) all.add(value);
    if (all.size > mostNamed) return null;
  }
  return [...all];
}
