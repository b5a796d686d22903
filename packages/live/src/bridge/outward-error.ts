import { errorCodes, isTaskError, TaskError, type Logger } from "@millrace/models";

/** An error as a reader outside may see it: its own mistakes in full, ours by their code alone. */
export function outwardError(error: unknown, logger: Logger): TaskError {
  if (isTaskError(error) && error.status < 500) return error;
  if (isTaskError(error, "LIVE_CLOSED")) return error;
  logger.error("A live view failed.", { error });
  const code = isTaskError(error) ? error.code : "INTERNAL";
  const { summary, fix } = errorCodes[code] ?? errorCodes.INTERNAL;
  return new TaskError(code, summary, { fix });
}
