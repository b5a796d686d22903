import { TaskError, type TaskInvocation } from "@millrace/models";
import { requireJson } from "./plain-json.ts";

/** The invocation with a copy of its input. @throws `INPUT_NOT_SERIALISABLE`, `KIND_INVALID` */
export function plainInvocation(invocation: TaskInvocation, path: string): TaskInvocation {
  const { kind, input } = invocation;
  if (typeof kind !== "string" || kind === "") {
    throw new TaskError("KIND_INVALID", `${path}.kind must be a text that names the kind of the task.`, {
      details: { path: `${path}.kind` },
    });
  }
  if (input === undefined) return invocation;
  return { ...invocation, input: requireJson(input, `${path}.input`, "INPUT_NOT_SERIALISABLE") };
}
