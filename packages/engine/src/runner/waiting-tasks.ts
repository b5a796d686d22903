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

/** Makes an empty line. Taking the first of it costs the same however long it is. */
export function createWaitingTasks(): WaitingTasks {
  const counts = new Map<string, { waiting: number }>();
  let line: HeldTask[] = [];
  /** Where the line begins: what stands before has been taken. */
  let head = 0;

  const count = (task: HeldTask, by: number): void => {
    const { kind } = task.served;
    const known = counts.get(kind);
    if (known) known.waiting += by;
    else counts.set(kind, { waiting: by });
  };

  const takeFirst = (): void => {
    head += 1;
    if (head < 256 && head < line.length) return;
    line = line.slice(head);
    head = 0;
  };

  const takeOut = (group: readonly HeldTask[]): void => {
    const taken = new Set(group);
    line = line.slice(head).filter((task) => !taken.has(task));
    head = 0;
  };

  const companyOf = (first: HeldTask): readonly HeldTask[] => {
    const { served } = first;
    return line
      .slice(head)
      .filter((task) => task.served === served && !task.claimed.task.suspect)
      .slice(0, served.batchSize);
  };

  return {
    get size() {
      return line.length - head;
    },
    add(tasks) {
      for (const task of tasks) {
        line.push(task);
        count(task, 1);
      }
    },
    takeNext(mayGo) {
      let place = head;
      while (place < line.length && !mayGo((line[place] as HeldTask).served)) place += 1;
      const first = line[place];
      if (!first) return null;
      const isAlone = first.claimed.task.suspect || first.served.batchSize === 1;
      const group = isAlone ? [first] : companyOf(first);
      for (const task of group) count(task, -1);
      if (isAlone && place === head) takeFirst();
      else takeOut(group);
      return group;
    },
    takeAll() {
      const all = line.slice(head);
      line = [];
      head = 0;
      counts.clear();
      return all;
    },
    countOf: (kind) => counts.get(kind)?.waiting ?? 0,
  };
}
