import type { TaskId, TaskStep } from "@millrace/models";
import { frozen } from "./frozen.ts";
import type { UndoLog } from "./undo-log.ts";

const none: ReadonlyMap<string, TaskStep> = new Map();

/** The steps of each task, by their own id. */
export class StepTable {
  readonly #ofTask = new Map<TaskId, Map<string, TaskStep>>();
  readonly #undo: UndoLog;

  constructor(undo: UndoLog) {
    this.#undo = undo;
  }

  ofTask(taskId: TaskId): ReadonlyMap<string, TaskStep> {
    return this.#ofTask.get(taskId) ?? none;
  }

  /** Tasks that have steps, the longest known first. */
  tasks(): MapIterator<TaskId> {
    return this.#ofTask.keys();
  }

  add(step: TaskStep): void {
    const steps = this.#ofTask.get(step.taskId) ?? new Map<string, TaskStep>();
    this.#ofTask.set(step.taskId, steps.set(step.id, frozen(step)));
    this.#undo.note(() => void steps.delete(step.id));
  }

  delete(step: TaskStep): void {
    const steps = this.#ofTask.get(step.taskId);
    if (steps?.delete(step.id)) this.#undo.note(() => void steps.set(step.id, step));
  }

  deleteTask(taskId: TaskId): void {
    const steps = this.#ofTask.get(taskId);
    if (steps === undefined) return;
    this.#ofTask.delete(taskId);
    this.#undo.note(() => void this.#ofTask.set(taskId, steps));
  }
}
