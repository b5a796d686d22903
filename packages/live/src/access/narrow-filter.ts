import { TaskError, type TaskFilter } from "@millrace/models";

const anyOf = ["taskIds", "kinds", "statuses", "states", "channels", "reasons"] as const;

/**
 * What a reader asks for, kept to what it may see. Where both name values of which any will do, only those in both stay;
 * of tags all that either names are asked for; a single value must be the same.
 *
 * @throws `ACCESS_REFUSED` with `details.path` when the reader asks for another single value than it may see.
 */
export function narrowFilter(asked: TaskFilter, scope: TaskFilter): TaskFilter {
  const narrowed: Record<string, unknown> = { ...asked };
  for (const [name, allowed] of Object.entries(scope)) {
    if (allowed === undefined) continue;
    const wanted = narrowed[name];
    narrowed[name] = wanted === undefined ? allowed : both(name, wanted, allowed);
  }
  return narrowed;
}

function both(name: string, wanted: unknown, allowed: unknown): unknown {
  if (Array.isArray(wanted) && Array.isArray(allowed)) {
    const isAny = anyOf.some((field) => field === name);
    return isAny ? wanted.filter((value) => allowed.includes(value)) : [...new Set<unknown>([...wanted, ...allowed])];
  }
  if (name === "createdFrom" || name === "finishedFrom") return Math.max(Number(wanted), Number(allowed));
  if (name === "createdBefore") return Math.min(Number(wanted), Number(allowed));
  if (wanted === allowed) return wanted;
  throw new TaskError("ACCESS_REFUSED", `The reader may not see tasks of this ${name}.`, { details: { path: name } });
}
