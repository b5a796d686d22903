import type { Json, TaskSnapshot } from "@millrace/models";
import type { ProfileOutput } from "../results/dataset-result.ts";
import type { Summary, SummaryRow } from "../terminal/render-summary.ts";

/** The part of a snapshot that the table needs. */
export type EndedTask = Pick<
  TaskSnapshot,
  "failure" | "finishedAt" | "kind" | "output" | "startedAt" | "state" | "summary"
>;

export interface SummarySource {
  /** The tasks of the datasets. */
  readonly snapshots: readonly EndedTask[];
  readonly tookMs: number;
  readonly reportPath: string | null;
}

/** The table at the end, from what the tasks returned. */
export function toSummary({ snapshots, tookMs, reportPath }: SummarySource): Summary {
  return { rows: snapshots.map(summaryRow), tookMs, reportPath };
}

function summaryRow(snapshot: EndedTask): SummaryRow {
  const label = snapshot.summary ?? snapshot.kind;
  const { startedAt, finishedAt, output } = snapshot;
  if (snapshot.state === "succeeded" && isProfileOutput(output)) {
    const tookMs = startedAt === null || finishedAt === null ? null : finishedAt - startedAt;
    return { label, rows: output.rows, columns: output.columns, bytes: output.bytes, tookMs, problem: "" };
  }
  const problem = snapshot.failure?.message ?? `ended as ${snapshot.state}`;
  return { label, rows: null, columns: null, bytes: null, tookMs: null, problem };
}

function isProfileOutput(output: unknown): output is ProfileOutput & Json {
  if (typeof output !== "object" || output === null) return false;
  return ["rows", "columns", "bytes"].every((key) => typeof Reflect.get(output, key) === "number");
}
