import { createTaskLiveHub, type TaskLiveAuthorize } from "@millrace/live";
import { createTaskLiveSseHandler, type TaskLiveSseHandler } from "@millrace/live/sse";
import { TaskError, type ErrorCode } from "@millrace/models";
import { checkRight, resolveAccess } from "../access/access.ts";
import type { ResolvedOptions } from "../http-options.ts";

/**
 * Makes what answers requests for live views. The hub is made with the first of them, and reads the journal only while
 * somebody looks. Who may see what is asked of the same `authorize` as everything else, and again when its word runs out.
 */
export function createLiveStream(options: ResolvedOptions): TaskLiveSseHandler {
  const { client, clock, logger, readOnly } = options;
  const authorize: TaskLiveAuthorize<Request> = async ({ principal: request }) => {
    const access = await resolveAccess(options, request, { right: "read", path: {} });
    checkRight(access, "read", readOnly);
    const { tenantId, expiresAt } = access;
    return {
      ...(tenantId === null ? {} : { scope: { tenantId } }),
      ...(expiresAt === null ? {} : { expiresAt }),
    };
  };
  let stream: TaskLiveSseHandler | null = null;
  return async (request) => {
    stream ??= createTaskLiveSseHandler(createTaskLiveHub<Request>(client, { authorize, clock, logger }), {
      clock,
      logger,
    });
    const answer = await stream(request);
    if (answer.ok) return answer;
    throw refusalOf((await answer.json()) as StreamProblem, request);
  };
}

/** What a stream says when it refuses. */
interface StreamProblem {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly fix: string;
  readonly path: string | null;
}

/** The refusal as every other route tells it, with the place in this request. */
function refusalOf({ code, detail, fix, path }: StreamProblem, { headers }: Request): TaskError {
  const isPlace = code === "CURSOR_INVALID";
  const place = headers.get("last-event-id") ? "header.last-event-id" : "query.after";
  const field = path === null || path === "query" ? "query.query" : `query.query.${path}`;
  return new TaskError(code, detail, { fix, details: { path: isPlace ? place : field } });
}
