import { systemClock, TaskError, type Clock } from "@millrace/models";
import { isAsked, type TaskAuditLog } from "./audit-log.ts";
import type { TaskHttpAudit } from "./audit-entry.ts";

interface Numbered {
  readonly n: number;
  readonly entry: TaskHttpAudit;
}

/** Keeps the newest entries while this process lives. @throws `OPTION_INVALID` */
export function createMemoryTaskAuditLog(
  /** @defaultValue `kept` 1,000 */
  { kept = 1_000, clock = systemClock }: { readonly kept?: number; readonly clock?: Clock } = {},
): TaskAuditLog {
  if (!Number.isSafeInteger(kept) || kept < 1 || kept > 1_000_000) {
    throw new TaskError("OPTION_INVALID", "kept must be a whole number from 1 to 1000000.", {
      details: { path: "kept" },
    });
  }
  const entries: Numbered[] = [];
  let made = 0;
  return {
    durable: false,
    kept,
    since: clock.now(),
    append(entry) {
      made += 1;
      entries.push({ n: made, entry });
      // In bites, so that a full log does not move all its entries with each new one.
      if (entries.length >= kept * 2) entries.splice(0, entries.length - kept);
    },
    async read(query) {
      const before = query.after === undefined ? Number.POSITIVE_INFINITY : placeOf(query.after);
      const known = entries.slice(-kept).toReversed();
      const found = known.filter(({ n, entry }) => n < before && isAsked(entry, query)).slice(0, query.limit + 1);
      const last = found[query.limit - 1];
      return {
        entries: found.slice(0, query.limit).map(({ entry }) => entry),
        next: found.length > query.limit && last ? String(last.n) : null,
      };
    },
  };
}

/** @throws `CURSOR_INVALID` */
function placeOf(cursor: string): number {
  if (/^[1-9][0-9]{0,14}$/.test(cursor)) return Number(cursor);
  throw new TaskError("CURSOR_INVALID", "This is no place in this audit.", { details: { path: "query.after" } });
}
