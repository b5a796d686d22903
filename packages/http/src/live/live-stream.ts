import { createTaskLiveHub, type TaskLiveAuthorize } from "@millrace/live";
import { createTaskLiveSseHandler, type TaskLiveSseHandler } from "@millrace/live/sse";
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
  return (request) => {
    stream ??= createTaskLiveSseHandler(createTaskLiveHub<Request>(client, { authorize, clock, logger }), {
      clock,
      logger,
    });
    return stream(request);
  };
}
