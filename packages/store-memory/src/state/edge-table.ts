import type { OnDependencyFailure, TaskId } from "@millrace/models";
import { Table } from "./table.ts";
import type { UndoLog } from "./undo-log.ts";

/** A task waits for another. */
export interface Edge {
  readonly waiter: TaskId;
  readonly dependency: TaskId;
  /** The waiter's stage when it began to wait; its results are seen in the next. */
  readonly stage: number;
  readonly position: number;
  readonly onFailure: OnDependencyFailure;
}

/** Who waits for whom. One waiter may wait for the same task twice. */
export class EdgeTable {
  readonly #ofWaiter: Table<TaskId, readonly Edge[]>;
  readonly #ofDependency = new Map<TaskId, Set<Edge>>();
  readonly #undo: UndoLog;

  constructor(undo: UndoLog) {
    this.#undo = undo;
    this.#ofWaiter = new Table(undo);
  }

  /** Adds a wait: edges of one waiter, in the order of their positions. */
  add(waiter: TaskId, edges: readonly Edge[]): void {
    if (edges.length === 0) return;
    this.#ofWaiter.set(waiter, [...this.ofWaiter(waiter), ...edges]);
    for (const edge of edges) {
      this.#link(edge);
      this.#undo.note(() => this.#unlink(edge));
    }
  }

  ofWaiter(waiter: TaskId): readonly Edge[] {
    return this.#ofWaiter.get(waiter) ?? [];
  }

  /** What a task waited for at a stage, by position. */
  ofStage(waiter: TaskId, stage: number): readonly Edge[] {
    return this.ofWaiter(waiter).filter((edge) => edge.stage === stage);
  }

  /** Edges into a task, by waiter. */
  ofDependency(dependency: TaskId): readonly Edge[] {
    const edges = [...(this.#ofDependency.get(dependency) ?? [])];
    return edges.toSorted((a, b) => (a.waiter < b.waiter ? -1 : Number(a.waiter > b.waiter)));
  }

  /** Takes the edges of a waiter out, from a stage on. */
  dropWaiter(waiter: TaskId, fromStage: number): void {
    this.#drop(waiter, (edge) => edge.stage >= fromStage);
  }

  /** Takes the edges into a task out. */
  dropDependency(dependency: TaskId): void {
    for (const waiter of new Set(this.ofDependency(dependency).map((edge) => edge.waiter))) {
      this.#drop(waiter, (edge) => edge.dependency === dependency);
    }
  }

  #drop(waiter: TaskId, isDropped: (edge: Edge) => boolean): void {
    const edges = this.ofWaiter(waiter);
    const left = edges.filter((edge) => !isDropped(edge));
    if (left.length === 0) this.#ofWaiter.delete(waiter);
    else this.#ofWaiter.set(waiter, left);
    for (const edge of edges.filter(isDropped)) {
      this.#unlink(edge);
      this.#undo.note(() => this.#link(edge));
    }
  }

  #link(edge: Edge): void {
    const edges = this.#ofDependency.get(edge.dependency) ?? new Set();
    this.#ofDependency.set(edge.dependency, edges.add(edge));
  }

  #unlink(edge: Edge): void {
    const edges = this.#ofDependency.get(edge.dependency);
    edges?.delete(edge);
    if (edges?.size === 0) this.#ofDependency.delete(edge.dependency);
  }
}
