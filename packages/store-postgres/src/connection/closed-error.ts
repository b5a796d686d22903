import { TaskError } from "@millrace/models";

/** What every call on a closed store gets. */
export function closedError(): TaskError {
  return new TaskError("STORE_CLOSED", "This Postgres store has been closed.");
}
