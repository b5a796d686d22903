import type { TaskSnapshot } from "@millrace/models";
import type { Access } from "../access/access.ts";
import { taskCapabilities, type TaskCapabilities } from "../access/capabilities.ts";
import type { TaskAction } from "../access/task-right.ts";

/** A task with what may be done to it. */
export interface ShownTask extends TaskSnapshot {
  readonly actions: TaskCapabilities;
}

/** A task in a list: without its values, which may be large. */
export interface ListedTask extends Omit<TaskSnapshot, "input" | "output" | "handlerState" | "failure"> {
  readonly failure: { readonly name: string; readonly message: string; readonly code: string | null } | null;
  readonly can: readonly TaskAction[];
}

const longestMessage = 500;

/** A task as a whole. */
export function shownTask(task: TaskSnapshot, access: Access): ShownTask {
  return { ...task, actions: taskCapabilities(task, access) };
}

/** A task as a line of a list. */
export function listedTask(task: TaskSnapshot, access: Access): ListedTask {
  const { input: _input, output: _output, handlerState: _state, failure, ...rest } = task;
  const head = failure && {
    name: failure.name,
    message: failure.message.slice(0, longestMessage).toWellFormed(),
    code: failure.code ?? null,
  };
  return { ...rest, failure: head, can: taskCapabilities(task, access).can };
}
