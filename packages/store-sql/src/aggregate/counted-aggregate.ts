import {
  type AggregateMoment,
  type TaskAggregateSnapshot,
  type TaskFilter,
  type TaskState,
  taskStates,
  type TaskStatus,
  taskStatuses,
} from "@millrace/models";
import { Tally } from "./tally.ts";

/** What a counter knows of the tasks it counts. */
export interface CountedTasks {
  readonly tenantId: unknown;
  readonly kind: unknown;
  readonly status: TaskStatus;
}

/** Whether a filter asks for no more than counters know. */
export function asksCountersOnly(filter: TaskFilter): boolean {
  const { tenantId: _tenantId, kinds: _kinds, statuses: _statuses, ...rest } = filter;
  return Object.keys(rest).length === 0;
}

/** Whether such a filter means the tasks of a counter. */
export function isCounted({ tenantId, kinds, statuses }: TaskFilter, tasks: CountedTasks): boolean {
  return (
    (tenantId === undefined || tenantId === tasks.tenantId) &&
    (!kinds || kinds.includes(String(tasks.kind))) &&
    (!statuses || statuses.includes(tasks.status))
  );
}

/** An aggregate that is put together from counters. */
export class CountedAggregate {
  readonly #byStatus = new Tally();
  readonly #byState = new Tally();
  readonly #byKind = new Tally();
  #total = 0;

  /** Counts `n` tasks. */
  add(n: number, of: { readonly kind: string; readonly status: TaskStatus; readonly state: TaskState }): void {
    this.#total += n;
    this.#byStatus.add(of.status, n);
    this.#byState.add(of.state, n);
    this.#byKind.add(of.kind, n);
  }

  /** Puts `n` tasks that were counted in one state into another. */
  move(n: number, from: TaskState, to: TaskState): void {
    this.#byState.add(from, -n);
    this.#byState.add(to, n);
  }

  /** Marks the numbers of queued tasks, due or not: more than could be looked at may stand elsewhere among them. */
  markQueuedInexact(): void {
    for (const state of ["queued", "scheduled", "retrying"]) this.#byState.markInexact(state);
  }

  /** The numbers so far, true at that moment. */
  snapshot({ now, cursor }: AggregateMoment): TaskAggregateSnapshot {
    return {
      total: { count: this.#total, exact: true },
      byStatus: this.#byStatus.of(taskStatuses),
      byState: this.#byState.of(taskStates),
      byKind: this.#byKind.of(this.#byKind.names()),
      updatedAt: now,
      cursor,
    };
  }
}
