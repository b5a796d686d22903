import { silentLogger, systemClock, TaskError, type Clock, type Logger } from "@millrace/models";
import { checkGuard, type OpenToEveryone } from "../bridge/check-guard.ts";
import { outwardError } from "../bridge/outward-error.ts";
import type { TaskLiveHub } from "../create-task-live-hub.ts";
import { checkKnown, optionError, whole } from "../hub-options.ts";
import { createEventStream } from "./event-stream.ts";
import { problemResponse } from "./problem-response.ts";
import { readRequest } from "./read-request.ts";

/** How live views are served as server-sent events. */
export interface TaskLiveSseOptions<Principal = unknown> {
  /** Who asks, for the hub's `authorize`. @defaultValue the request itself */
  readonly principalOf?: (request: Request) => Principal | Promise<Principal>;
  /** Serves a hub that has no `authorize`: everyone who reaches the handler sees every task. */
  readonly auth?: OpenToEveryone;
  /** How often a quiet stream says that it is still there, and where. 1,000 to 600,000. @defaultValue 15_000 */
  readonly keepAliveMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** Answers a GET with a stream of messages, or with a problem as JSON. Never rejects. */
export type TaskLiveSseHandler = (request: Request) => Promise<Response>;

const optionNames: ReadonlySet<string> = new Set<keyof TaskLiveSseOptions>([
  "principalOf",
  "auth",
  "keepAliveMs",
  "clock",
  "logger",
]);

/**
 * Makes a handler of web-standard requests: `GET …?query={"kinds":["report"]}`. A browser's `EventSource` comes back with
 * `Last-Event-ID` and is told what it missed; `after` in the URL does the same for the first visit.
 *
 * @throws `OPTION_INVALID`, also for a hub without `authorize` unless `auth` says that this is meant.
 */
export function createTaskLiveSseHandler<Principal = unknown>(
  hub: TaskLiveHub<Principal>,
  options: TaskLiveSseOptions<Principal> = {},
): TaskLiveSseHandler {
  checkKnown(options, optionNames);
  checkGuard(hub, options.auth);
  const { principalOf, clock = systemClock, logger = silentLogger } = options;
  if (principalOf !== undefined && typeof principalOf !== "function") {
    throw optionError("principalOf", "must be a function");
  }
  const keepAliveMs = whole("keepAliveMs", options.keepAliveMs ?? 15_000, [1_000, 600_000]);

  return async (request) => {
    try {
      if (request.method !== "GET") return problemResponse(notAllowed(), { status: 405, headers: { allow: "GET" } });
      const { query, after } = readRequest(request);
      // Without a function of the program's own the request says who asks.
      const principal = principalOf ? await principalOf(request) : (request as Principal);
      const stream = createEventStream({ clock, keepAliveMs });
      const place = after === null ? {} : { after };
      const subscription = await hub.subscribe(query, stream.listener, { principal, ...place });
      stream.open(subscription, request.signal);
      return new Response(stream.body, { status: 200, headers: streamHeaders });
    } catch (error) {
      return problemResponse(outwardError(error, logger));
    }
  };
}

const streamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  "x-content-type-options": "nosniff",
  // A proxy that gathers answers would keep all of this one.
  "x-accel-buffering": "no",
};

function notAllowed(): TaskError {
  return new TaskError("QUERY_INVALID", "A live view is asked for with GET.", { fix: "Use the method GET." });
}
