import { type JournalGroup, uniform } from "./journal-buffer.ts";

/** The columns of `groupRow`. The ids are kept by each database in its own way. */
export const groupColumns: string =
  "at, type, tenant_id, kind, was, became, reason, host_id, n, version, attempt, versions, attempts, data";

/** The row of a group of events; `listOf` writes numbers that are not all the same. */
export function groupRow<List>(
  { at, type, tenantId, kind, was, became, reason, hostId, versions, attempts, data }: JournalGroup,
  listOf: (numbers: readonly number[]) => List,
): readonly (string | number | List | null)[] {
  const [version, attempt] = [uniform(versions), uniform(attempts)];
  const lists = [version === null ? listOf(versions) : null, attempt === null ? listOf(attempts) : null];
  const told = data === null ? null : JSON.stringify(data);
  return [at, type, tenantId, kind, was, became, reason, hostId, versions.length, version, attempt, ...lists, told];
}
