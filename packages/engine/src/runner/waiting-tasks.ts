import type { ServedKind } from "../host/kind-registry.ts";
import type { HeldTask } from "./running-tasks.ts";

/** Tasks that were claimed and wait for a place, in the order they were claimed. */
export interface WaitingTasks {
  readonly size: number;
  add(tasks: readonly HeldTask[]): void;
  /**
   * Takes out the first that may go, with its company when its kind takes several at once; null when none may. A suspect goes
   * without company.
   */
  takeNext(mayGo: (served: ServedKind) => boolean): readonly HeldTask[] | null;
  takeAll(): readonly HeldTask[];
  /** How many of a kind wait. */
  countOf(kind: string): number;
}

/** Makes an empty line. Taking the first of it costs the same however long it is, and lets go of it at once. */
export function createWaitingTasks(): WaitingTasks {
  const counts = new Map<string, { waiting: number }>();
  /** From the last to the first. */
  let line: HeldTask[] = [];

  const count = (task: HeldTask, by: number): void => {
    const { kind } = task.served;
    const known = counts.get(kind);
    if (known) known.waiting += by;
    else counts.set(kind, { waiting: by });
  };

  const takeOut = (group: readonly HeldTask[]): void => {
    if (group.length === 1 && line.at(-1) === group[0]) {
      line.pop();
      return;
    }
    const taken = new Set(group);
    line = line.filter((task) => !taken.has(task));
  };

  const companyOf = ({ served }: HeldTask): readonly HeldTask[] =>
    line
      .filter((task) => task.served === served && !task.claimed.task.suspect)
      .toReversed()
      .slice(0, served.batchSize);

  return {
    get size() {
      return line.length;
    },
    add(tasks) {
      line = [...tasks.toReversed(), ...line];
      for (const task of tasks) count(task, 1);
    },
    takeNext(mayGo) {
      const first = line.findLast(({ served }) => mayGo(served));
      if (!first) return null;
      const isAlone = first.claimed.task.suspect || first.served.batchSize === 1;
      const group = isAlone ? [first] : companyOf(first);
      for (const task of group) count(task, -1);
      takeOut(group);
      return group;
    },
    takeAll() {
      const all = line.toReversed();
      line = [];
      counts.clear();
      return all;
    },
    countOf: (kind) => counts.get(kind)?.waiting ?? 0,
  };
}
