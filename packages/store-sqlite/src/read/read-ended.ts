import type { EndedQuery, EndedTimes } from "@millrace/models";
import { endedColumns, endedTimesOf } from "@millrace/store-sql";
import { code } from "../row/task-flags.ts";
import { type Branch, listBranches } from "./list-branches.ts";
import { whereOf } from "./read-tasks.ts";
import type { StoreReader } from "./store-reader.ts";

/** Of a tenant no more tasks are looked at: most of them may still wait. */
const mostLooked = 20_000;

/** The tasks that succeeded or failed last, as far as the order of their creation tells. */
export function readEnded(reader: StoreReader, { limit, tenantId }: EndedQuery): readonly EndedTimes[] {
  const parts = branchesOf(reader, tenantId).map((branch) => {
    const { where, values } = whereOf(branch);
    const text = `select t.seq as seq, ${endedColumns} from ${branch.from}
      where ${where} order by ${branch.seq} desc limit ?`;
    return { text: `select * from (${text})`, values: [...values, limit] };
  });
  if (parts.length === 0) return [];
  const text = `${parts.map((part) => part.text).join(" union all ")} order by seq desc limit ?`;
  const rows = reader.connection.useText(text).all(...parts.flatMap(({ values }) => values), limit);
  return rows.map(([, ...times]) => endedTimesOf(times)).toSorted((a, b) => b.finishedAt - a.finishedAt);
}

function branchesOf(reader: StoreReader, tenantId: string | undefined): readonly Branch[] {
  if (tenantId === undefined || tenantId === "") {
    const ofNobody = tenantId === undefined ? {} : { tenantId };
    return listBranches(reader, { statuses: ["succeeded", "failed"], ...ofNobody });
  }
  const { task } = reader.connection.names;
  return [
    {
      from: `(select * from ${task} indexed by ${task}_tenant where tenant_id <> '' and tenant_id = ? order by seq desc limit ${mostLooked}) t`,
      fromValues: [tenantId],
      conditions: [{ sql: `t.status in (${code.succeeded}, ${code.failed})`, values: [] }],
      seq: "t.seq",
    },
  ];
}
