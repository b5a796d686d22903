import { isTaskError, TaskError } from "@millrace/models";
import { checkRight, resolveAccess, type Access } from "./access/access.ts";
import { checkOrigin } from "./access/check-origin.ts";
import { jsonAnswer, withHeaders } from "./answer/answer.ts";
import { invalidRequest } from "./answer/invalid-request.ts";
import type { TaskHttpAudit } from "./audit/audit-entry.ts";
import type { ResolvedOptions } from "./http-options.ts";
import { readBody } from "./limits/read-body.ts";
import type { AuditNote, HttpApi, HttpCall, Route, RouteAnswer } from "./routes/route.ts";
import { queryObject } from "./schema/query-schema.ts";

/** What serving works with. */
export interface ServingPorts extends Pick<
  ResolvedOptions,
  "authorize" | "readOnly" | "allowedOrigins" | "limits" | "onAudit" | "auditLog" | "logger" | "clock"
> {
  readonly api: HttpApi;
  /** @throws `REQUEST_TOO_MANY` */
  readonly countRequest: (user: string) => void;
}

/** A request that has found its route. */
export interface RoutedRequest {
  readonly request: Request;
  readonly path: Readonly<Record<string, string>>;
  readonly requestId: string;
}

/** Serves a request by its route: who asks, what they may, what they ask for; only then what it does. Rejects with what is wrong. */
export async function serveRoute(ports: ServingPorts, route: Route, routed: RoutedRequest): Promise<Response> {
  const { request, path, requestId } = routed;
  const access = await resolveAccess(ports, request, { right: route.right, path });
  ports.countRequest(access.user);
  const notes: Partial<AuditNote>[] = [];
  const note = (one: Partial<AuditNote>): void => void notes.push(one);
  try {
    const answer = await handled(ports, route, { ...routed, access, note });
    if (route.changes) await audit(ports, { route, routed, access, notes, outcome: "done" });
    if (answer instanceof Response) return await streamed(answer, routed);
    return jsonAnswer(answer.value, { status: answer.status ?? 200, requestId });
  } catch (error) {
    const outcome = isTaskError(error) ? error.code : "INTERNAL";
    if (route.changes) await audit(ports, { route, routed, access, notes, outcome });
    throw error;
  }
}

interface Entered extends RoutedRequest, Pick<HttpCall, "access" | "note"> {}

async function handled(ports: ServingPorts, route: Route, entered: Entered): Promise<RouteAnswer | Response> {
  const { request, access, note } = entered;
  if (route.changes) checkOrigin(request, ports.allowedOrigins);
  if (ports.readOnly && route.changes) throw new TaskError("REQUEST_READ_ONLY", "This handler only reads.");
  checkRight(access, route.right, ports.readOnly);
  if (route.scope === "store" && access.tenantId !== null) {
    throw new TaskError("REQUEST_FORBIDDEN", "This belongs to the whole store, and you are kept to one tenant.");
  }
  const path = route.pathSchema.parse(entered.path, "path");
  const query = route.querySchema.parse(queryObject(new URL(request.url).searchParams), "query");
  const body = route.changes ? await bodyOf(ports, route, request) : undefined;
  return route.handle({ api: ports.api, access, path, query, body, request, note });
}

async function bodyOf({ limits }: ServingPorts, { bodySchema }: Route, request: Request): Promise<unknown> {
  const body = await readBody(request, limits);
  if (bodySchema) return bodySchema.parse(body, "body");
  if (body === undefined) return undefined;
  throw invalidRequest("body", "must be absent");
}

/** Nobody reads what a HEAD would bring: a stream must not wait for that. */
async function streamed(answer: Response, { request, requestId }: RoutedRequest): Promise<Response> {
  if (request.method !== "HEAD") return withHeaders(answer, requestId);
  await answer.body?.cancel();
  return withHeaders(new Response(null, answer), requestId);
}

interface Audited {
  readonly route: Route;
  readonly routed: RoutedRequest;
  readonly access: Access;
  readonly notes: readonly Partial<AuditNote>[];
  readonly outcome: string;
}

/** An auditor that fails does not undo what was done: it is told to the log, with the entry. */
async function audit(ports: ServingPorts, { route, routed, access, notes, outcome }: Audited): Promise<void> {
  const note: Partial<AuditNote> = Object.assign({}, ...notes);
  const entry: TaskHttpAudit = {
    at: new Date(ports.clock.now()).toISOString(),
    user: access.user,
    tenantId: access.tenantId,
    action: note.action ?? route.right,
    target: note.target ?? targetOf(routed.path),
    before: note.before ?? null,
    after: outcome === "done" ? (note.after ?? null) : null,
    outcome,
    why: note.why ?? null,
    requestId: routed.requestId,
  };
  for (const keep of [() => ports.auditLog.append(entry), () => ports.onAudit(entry)]) {
    try {
      await keep();
    } catch (error) {
      ports.logger.error("The audit of a change failed.", { ...entry, error: String(error) });
    }
  }
}

const targetTypes: Readonly<Record<string, TaskHttpAudit["target"]["type"]>> = {
  taskId: "task",
  hostId: "host",
  kind: "kind",
  scheduleId: "schedule",
  failureKey: "failure",
};

function targetOf(path: Readonly<Record<string, string>>): TaskHttpAudit["target"] {
  const [[name, id] = ["query", ""]] = Object.entries(path);
  return { type: targetTypes[name] ?? "query", id: id.slice(0, 500) };
}
