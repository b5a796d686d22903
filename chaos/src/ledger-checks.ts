import type { Violation } from "@millrace/conformance/invariants";
import { isFinal, isTaskEvent, taskStatuses, type JournalEvent, type TaskRecord } from "@millrace/models";
import { childrenCount } from "./chaos-kinds.ts";
import { linesOf, type WrittenLine } from "./ledger.ts";

/** What the store says at the end, and what was written down beside it. */
export interface LedgerCheck {
  readonly records: readonly TaskRecord[];
  readonly events: readonly JournalEvent[];
  readonly lines: readonly WrittenLine[];
}

/** What the notes of workers, producers and operator promise beyond the invariants of a history. */
export function checkLedgers(check: LedgerCheck): readonly Violation[] {
  return [...tornGroups(check), ...lostCancels(check), ...forgotten(check), ...wrongChildren(check)];
}

/** I1: a group is stored as a whole or not at all, whenever its sender was killed. */
function tornGroups({ records, lines }: LedgerCheck): readonly Violation[] {
  const stored = new Set(records.map(({ id }) => id));
  return linesOf(lines, "intent").flatMap(({ ids }) => {
    const found = ids.filter((id) => stored.has(id));
    if (found.length === 0 || found.length === ids.length) return [];
    return [violation("I1", found[0], `${found.length} of the ${ids.length} tasks of its group exist`)];
  });
}

/** I14: an acknowledged cancel stands in the journal, no later than it was acknowledged. */
function lostCancels({ events, lines }: LedgerCheck): readonly Violation[] {
  const told = new Map<string, number>();
  for (const event of events) {
    if (!isTaskEvent(event)) continue;
    const isCancel = event.type === "cancel_requested" || event.statusAfter === "cancelled";
    if (isCancel && !told.has(event.taskId)) told.set(event.taskId, event.version);
  }
  return linesOf(lines, "cancelled")
    .filter(({ taskId, version }) => (told.get(taskId) ?? Number.POSITIVE_INFINITY) > version)
    .map(({ taskId, version }) =>
      violation("I14", taskId, `its cancel was acknowledged at ${version} and is not told`),
    );
}

/** What `once` has answered an attempt, it answers every other, and does not do again. */
function forgotten({ lines }: LedgerCheck): readonly Violation[] {
  const first = new Map<string, { readonly value: number; readonly attempt: number }>();
  const remembered = linesOf(lines, "remembered").toSorted((a, b) => a.attempt - b.attempt);
  const violations: Violation[] = [];
  for (const { taskId, value, attempt } of remembered) {
    const known = first.get(taskId) ?? { value, attempt };
    first.set(taskId, known);
    if (known.value === value) continue;
    violations.push(violation("once", taskId, `attempt ${attempt} was given ${value}, an earlier one ${known.value}`));
  }
  for (const { taskId, attempt } of linesOf(lines, "effect")) {
    const known = first.get(taskId);
    if (!known || attempt <= known.attempt) continue;
    violations.push(violation("once", taskId, `attempt ${attempt} did again what ${known.attempt} had been given`));
  }
  return violations;
}

/** I8: a parent has the children of each of its suspensions, and goes on when all of them have ended. */
function wrongChildren({ records, events, lines }: LedgerCheck): readonly Violation[] {
  const spawned = new Map<string, number>();
  for (const event of events) {
    const isSpawn = isTaskEvent(event) && event.type === "suspended" && event.reason === "children";
    if (isSpawn) spawned.set(event.taskId, (spawned.get(event.taskId) ?? 0) + childrenCount);
  }
  const children = new Map<string, number>();
  for (const { parentId } of records) {
    if (parentId !== null) children.set(parentId, (children.get(parentId) ?? 0) + 1);
  }
  const parents = new Set([...spawned.keys(), ...children.keys()]);
  const miscounted = [...parents].filter((id) => spawned.get(id) !== children.get(id));
  const early = linesOf(lines, "children").filter(({ statuses }) => {
    const ended = taskStatuses.filter(isFinal).map(String);
    return statuses.length !== childrenCount || statuses.some((status) => !ended.includes(status));
  });
  return [
    ...miscounted.map((id) => violation("I8", id, `${children.get(id)} children, ${spawned.get(id)} were spawned`)),
    ...early.map(({ taskId, statuses }) => violation("I8", taskId, `it went on with children ${statuses.join(", ")}`)),
  ];
}

const violation = (invariant: string, taskId: string | undefined, message: string): Violation => {
  return { invariant, taskId: taskId ?? null, message };
};
