import type { Holding } from "@millrace/conformance/invariants";
import { linesOf, type WrittenLine } from "./ledger.ts";
import type { Outage } from "./worker-fleet.ts";

/**
 * When each worker believed to hold a keyed task: from the begin of its handler to its end, cut where the lease may have
 * gone without the handler having been able to know: its worker was killed, stopped or starved, or the task terminated.
 */
export function holdingsOf(lines: readonly WrittenLine[], outages: readonly Outage[]): readonly Holding[] {
  const ends = new Map(linesOf(lines, "end").map((line) => [nameOf(line), line.at]));
  const cuts = new Map<string, number[]>();
  const cut = (name: string, at: number): void => void cuts.set(name, [...(cuts.get(name) ?? []), at]);
  for (const { worker, at } of outages) cut(worker, at);
  for (const { by, at } of linesOf(lines, "lag")) cut(by, at);
  for (const { taskId, at } of linesOf(lines, "terminate")) cut(taskId, at);
  return linesOf(lines, "begin").flatMap((line) => {
    const { by, taskId, attempt, key, at: from } = line;
    const end = ends.get(nameOf(line));
    // Without an end its process died, and nobody wrote down when: a child process may die long before its worker.
    if (key === undefined || end === undefined) return [];
    const own = [...(cuts.get(by) ?? []), ...(cuts.get(taskId) ?? [])].filter((at) => at >= from);
    return [{ taskId, attempt, limits: [key], from, to: Math.min(end, ...own) }];
  });
}

const nameOf = ({ by, taskId, attempt }: { by: string; taskId: string; attempt: number }): string =>
  `${by} ${taskId} ${attempt}`;
