import { systemRandom, TaskError, isTaskError } from "@millrace/models";
import { Hono } from "hono";
import { behindAProxy } from "./access/access.ts";
import { createRefusalCount } from "./audit/refusal-count.ts";
import { problemAnswer } from "./answer/answer.ts";
import { problemOf } from "./answer/problem.ts";
import { createBulkTask } from "./bulk/bulk-task.ts";
import { createDoctor } from "./doctor/doctor.ts";
import { resolveOptions, type ResolvedOptions, type TaskHttpOptions } from "./http-options.ts";
import { createOverviewBook } from "./overview/overview-book.ts";
import { createRequestRate } from "./limits/request-rate.ts";
import { createLiveStream } from "./live/live-stream.ts";
import { createMountFinder } from "./mount/mount-of.ts";
import { documentRoute } from "./routes/document.ts";
import type { HttpApi, Route } from "./routes/route.ts";
import { routes } from "./routes/routes.ts";
import { serveRoute, type ServingPorts } from "./serve-route.ts";

/** Serves one request. Mount it under any path; what stands before `/v1` is the mount. Never rejects. */
export type TaskHttpHandler = (request: Request) => Promise<Response>;

/**
 * Makes a web-standard handler of a host or client: everything a dashboard, a script or another service needs, with an
 * OpenAPI document under `v1/openapi.json`.
 *
 * @throws `OPTION_INVALID`, also without `authorize`: a handler that is open to everybody must be asked for by its name
 */
export function createTaskHttpHandler(options: TaskHttpOptions): TaskHttpHandler {
  const settings = resolveOptions(options);
  if (settings.host && !settings.readOnly) registerBulkTask(settings);
  const countRequest = createRequestRate(settings.limits.rate, settings.clock);
  const ports: ServingPorts = { ...settings, api: apiOf(settings), countRequest };
  const mountOf = createMountFinder([...routes.map(({ path }) => path), "/v1/openapi.json"]);
  const served = [...routes, documentRoute(mountOf)];
  const app = appOf(ports, served, mountOf);
  return async (request) => {
    const requestId = requestIdOf(request);
    try {
      return await inTime(ports, () => answered(app, { request, requestId, served, mountOf, ports }));
    } catch (error) {
      ports.api.refusals.add(error);
      return failed(ports, error, requestId);
    }
  };
}

/** A host takes it as any other task; one that cannot run functions leaves it to another host. */
function registerBulkTask({ host, logger }: ResolvedOptions): void {
  try {
    host?.registerHandler(createBulkTask(host) as never);
  } catch (error) {
    logger.warn("This host cannot do bulk actions; another one must.", { error: String(error) });
  }
}

function apiOf(options: ResolvedOptions): HttpApi {
  const { client, host, schedules, auditLog, clock, limits, readOnly, authorize } = options;
  const isOpen = authorize === behindAProxy;
  const overviews = createOverviewBook(options, clock);
  return {
    client,
    isHostRunning: host && (() => host.getState() === "running"),
    schedules,
    auditLog,
    refusals: createRefusalCount(clock),
    overviews,
    doctor: createDoctor({ client, overviews }, clock),
    clock,
    limits,
    readOnly,
    stream: createLiveStream(options),
    warnings: isOpen ? ["authorize asks nobody: whoever reaches this handler may do everything."] : [],
  };
}

interface AppEnv {
  readonly Bindings: { readonly requestId: string };
}

function appOf(ports: ServingPorts, served: readonly Route[], mountOf: (path: string) => string): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ getPath: (request) => pathOf(request, mountOf) });
  for (const route of served) {
    app.on(route.method, route.path, (context) =>
      serveRoute(ports, route, {
        request: context.req.raw,
        path: context.req.param(),
        requestId: context.env.requestId,
      }),
    );
  }
  // Ours know better how to answer.
  app.onError((error) => {
    throw error;
  });
  app.notFound((context) => {
    throw missing(context.req.raw, { served, mountOf });
  });
  return app;
}

interface Asked {
  readonly request: Request;
  readonly requestId: string;
  readonly served: readonly Route[];
  readonly mountOf: (path: string) => string;
  readonly ports: ServingPorts;
}

async function answered(app: Hono<AppEnv>, { request, requestId, ports }: Asked): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const most = ports.limits.urlLength;
  if (pathname.length + search.length > most) {
    throw new TaskError("QUERY_INVALID", `Path and query may have ${most} characters.`, { details: { path: "query" } });
  }
  return app.fetch(request, { requestId });
}

function pathOf(request: Request, mountOf: (path: string) => string): string {
  const { pathname } = new URL(request.url);
  const path = pathname.slice(mountOf(pathname).length);
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** Why no route was found: the path, or only its method. */
function missing(request: Request, { served, mountOf }: Pick<Asked, "served" | "mountOf">): TaskError {
  const parts = pathOf(request, mountOf).split("/");
  const known = served.filter(({ path }) => {
    const shape = path.split("/");
    return shape.length === parts.length && shape.every((part, at) => part.startsWith(":") || part === parts[at]);
  });
  if (known.length === 0) return new TaskError("ROUTE_UNKNOWN", "There is nothing under this path.");
  const allow = [...new Set(known.map(({ method }) => method))].join(", ");
  return new TaskError("METHOD_UNKNOWN", `This path takes ${allow}.`, { details: { allow } });
}

/** A stuck store or a body that trickles in must not hold a request for ever. */
async function inTime(ports: ServingPorts, work: () => Promise<Response>): Promise<Response> {
  const { requestMs } = ports.limits;
  let cancel = (): void => {};
  const late = new Promise<never>((_resolve, reject) => {
    cancel = ports.clock.after(requestMs, () => {
      reject(new TaskError("REQUEST_TIMED_OUT", `The answer took longer than ${requestMs} ms.`));
    });
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    cancel();
  }
}

function failed({ logger }: ServingPorts, error: unknown, requestId: string): Response {
  const problem = problemOf(error, requestId);
  if (problem.status >= 500) logger.error("A request over HTTP failed.", { requestId, code: problem.code, error });
  const { allow, retryAfterS } = isTaskError(error) ? error.details : {};
  return problemAnswer(problem, {
    ...(typeof allow === "string" ? { allow } : {}),
    ...(typeof retryAfterS === "number" ? { "retry-after": String(retryAfterS) } : {}),
    ...(problem.status === 401 ? { "www-authenticate": "Bearer" } : {}),
    // Whatever of the body is still to come is not read any more.
    ...(problem.status === 413 || problem.status === 504 ? { connection: "close" } : {}),
  });
}

/** The caller's own, where it is a plain one: it stands in the answer, the audit and the log. */
function requestIdOf(request: Request): string {
  const given = request.headers.get("x-request-id");
  return given !== null && /^[A-Za-z0-9_.:-]{1,100}$/.test(given) ? given : systemRandom.uuid();
}
