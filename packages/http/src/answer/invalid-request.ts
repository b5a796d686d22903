import { TaskError, type ErrorCode } from "@millrace/models";

/** A request that is wrong in one place. The part it lies in (`body.…`, `query.…`, `path.…`) decides the code. */
export function invalidRequest(path: string, why: string, fix?: string): TaskError {
  return new TaskError(codeOf(path), `${path} ${why}.`, { details: { path }, ...(fix === undefined ? {} : { fix }) });
}

function codeOf(path: string): ErrorCode {
  if (path === "body" || path.startsWith("body.") || path.startsWith("body[")) return "BODY_INVALID";
  return path === "path.taskId" ? "TASK_ID_INVALID" : "QUERY_INVALID";
}
