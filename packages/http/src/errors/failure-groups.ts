import { failureKey, type EpochMs, type FailureMark, type TaskId, type TaskSnapshot } from "@millrace/models";
import { failureStanding, type FailureStanding } from "./failure-standing.ts";

/** Failed tasks whose failures are one and the same. */
export interface FailureGroup extends FailureStanding {
  /** Names it, and its mark. */
  readonly key: string;
  /** Null where a task failed without a failure of its own, such as by a lost lease: those are grouped by their reason. */
  readonly fingerprint: string | null;
  readonly name: string;
  readonly code: string | null;
  /** Of the newest, its first 500 characters. */
  readonly message: string;
  /** The first line of its stack that is not of a library; null = there is none. */
  readonly frame: string | null;
  readonly kinds: Readonly<Record<string, number>>;
  readonly count: number;
  readonly firstAt: EpochMs;
  readonly lastAt: EpochMs;
  readonly lastTaskId: TaskId;
  /** The query that finds its tasks. */
  readonly q: string;
  /** How many in each of equal parts of the time that was looked at. */
  readonly recent: readonly number[];
}

/** What groups are made with. */
export interface FailureWorld {
  /** Since when tasks were looked at. */
  readonly from: EpochMs;
  readonly now: EpochMs;
  readonly marks: readonly FailureMark[];
}

const longestMessage = 500;
const parts = 24;

/** Groups failed tasks, the newest first, by fingerprint; the largest group first. Marks are judged by these tasks. Pure. */
export function failureGroups(tasks: readonly TaskSnapshot[], world: FailureWorld): readonly FailureGroup[] {
  const marks = new Map(world.marks.map((mark) => [mark.key, mark]));
  return [...Map.groupBy(tasks, failureKey)]
    .map(([key, group]) => groupOf(group, { ...world, key, mark: marks.get(key) ?? null }))
    .toSorted((a, b) => b.count - a.count || b.lastAt - a.lastAt);
}

interface GroupWorld extends FailureWorld {
  readonly key: string;
  readonly mark: FailureMark | null;
}

function groupOf(tasks: readonly TaskSnapshot[], { key, mark, ...span }: GroupWorld): FailureGroup {
  const newest = tasks.reduce((last, task) => (endOf(task) > endOf(last) ? task : last), tasks[0] as TaskSnapshot);
  const times = tasks.map(endOf);
  const { failure, failureFingerprint: fingerprint, reason } = newest;
  const kinds = new Map<string, number>();
  for (const { kind } of tasks) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return {
    key,
    fingerprint,
    name: failure?.name ?? reason ?? "Error",
    code: failure?.code ?? reason ?? null,
    message: (failure?.message ?? "").slice(0, longestMessage).toWellFormed(),
    frame: frameOf(failure?.stack),
    kinds: Object.fromEntries(kinds),
    count: tasks.length,
    firstAt: Math.min(...times),
    lastAt: Math.max(...times),
    lastTaskId: newest.id,
    q: `state:failed ${key}`,
    recent: histogram(times, span),
    ...failureStanding(mark, mark === null ? 0 : times.filter((at) => at > mark.at).length),
  };
}

function endOf({ finishedAt, updatedAt }: TaskSnapshot): EpochMs {
  return finishedAt ?? updatedAt;
}

function histogram(
  times: readonly EpochMs[],
  { from, now }: { readonly from: EpochMs; readonly now: EpochMs },
): readonly number[] {
  const counts = Array.from({ length: parts }, () => 0);
  const width = Math.max(1, (now - from) / parts);
  for (const at of times) {
    const index = Math.min(parts - 1, Math.max(0, Math.floor((at - from) / width)));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** Only the beginning of a stack is looked at, line by line. */
function frameOf(stack: string | undefined): string | null {
  const lines = (stack ?? "").slice(0, 4_000).split("\n").slice(1, 30);
  const frames = lines.map((line) => line.trim()).filter((line) => line.startsWith("at "));
  const own = frames.find((line) => !line.includes("node_modules") && !line.includes("node:")) ?? frames[0];
  return own === undefined ? null : own.slice(3, 303).toWellFormed();
}
