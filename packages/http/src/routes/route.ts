import type { Clock, TaskClient, TaskLiveSource } from "@millrace/models";
import type { Access } from "../access/access.ts";
import type { TaskRight } from "../access/task-right.ts";
import type { AuditedState, TaskHttpAudit } from "../audit/audit-entry.ts";
import type { TaskAuditLog } from "../audit/audit-log.ts";
import type { RefusalCount } from "../audit/refusal-count.ts";
import type { ResolvedLimits } from "../limits/http-limits.ts";
import type { Doctor } from "../doctor/doctor.ts";
import type { ServedSchedules } from "../schedules/served-schedules.ts";
import type { OverviewBook } from "../overview/overview-book.ts";
import { object } from "../schema/object-schema.ts";
import type { JsonSchema, Schema } from "../schema/schema.ts";
import { pathParameters } from "./parameters.ts";

/** What of a client is served. */
export type ServedClient = TaskClient & TaskLiveSource;

/** What every route works with. */
export interface HttpApi {
  readonly client: ServedClient;
  /** Whether the host that is served runs; null where only a client is. */
  readonly isHostRunning: (() => boolean) | null;
  /** Null where the handler was made without. */
  readonly schedules: ServedSchedules | null;
  readonly auditLog: TaskAuditLog;
  readonly refusals: RefusalCount;
  readonly overviews: OverviewBook;
  readonly doctor: Doctor;
  readonly clock: Clock;
  readonly limits: ResolvedLimits;
  readonly readOnly: boolean;
  /** Streams live views; each asks anew who may see what. */
  readonly stream: (request: Request) => Promise<Response>;
  /** What is worth a warning about how this handler was made. */
  readonly warnings: readonly string[];
}

/** What a change was about, for the audit. */
export interface AuditNote {
  /** Where the right alone does not say it. */
  readonly action?: TaskHttpAudit["action"];
  readonly target: TaskHttpAudit["target"];
  readonly before?: AuditedState;
  readonly after?: AuditedState | null;
  readonly why?: string | null;
}

/** A checked request on its way. */
export interface HttpCall<Path = unknown, Query = unknown, Body = unknown> {
  readonly api: HttpApi;
  readonly access: Access;
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  readonly request: Request;
  /** Says what the change is about; the last word of each field counts. */
  note(note: Partial<AuditNote>): void;
}

/** What a route answers: a value as JSON, unless it makes the whole answer itself. */
export interface RouteAnswer {
  readonly status?: number;
  readonly value: unknown;
}

/** A route, with all that is said of it to others. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** As Hono and OpenAPI read it alike but for the parameters: `/v1/tasks/:taskId`. */
  readonly path: string;
  readonly right: TaskRight;
  /** `store`: it is about all tenants, so whoever is kept to one is refused. */
  readonly scope: "tenant" | "store";
  readonly summary: string;
  readonly pathSchema: Schema<unknown>;
  readonly querySchema: Schema<unknown>;
  readonly bodySchema: Schema<unknown> | null;
  readonly answer: { readonly status: number; readonly description: string; readonly schema: JsonSchema };
  /** Whether it changes something; then it is audited. */
  readonly changes: boolean;
  readonly handle: (call: HttpCall) => Promise<RouteAnswer | Response>;
}

/** What a path brings, by the names that stand in it; only those whose form is known. */
type PathOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [Key in Name & keyof typeof pathParameters]: string } & PathOf<Rest>
  : Path extends `${string}:${infer Name}`
    ? { readonly [Key in Name & keyof typeof pathParameters]: string }
    : unknown;

/** What a route is made of. */
export interface RouteParts<Path extends string, Query, Body> extends Pick<
  Route,
  "method" | "right" | "scope" | "summary"
> {
  readonly path: Path;
  /** Absent: none is taken. */
  readonly querySchema?: Schema<Query>;
  /** Absent: there must be none. */
  readonly bodySchema?: Schema<Body>;
  /** @defaultValue 200 for `status` */
  readonly answer: Omit<Route["answer"], "status"> & { readonly status?: number };
  readonly handle: (call: HttpCall<PathOf<Path>, Query, Body>) => Promise<RouteAnswer | Response>;
}

/** A route whose handler is typed by its path and schemas. */
export function route<const Path extends string, Query = object, Body = undefined>(
  parts: RouteParts<Path, Query, Body>,
): Route {
  return {
    ...parts,
    pathSchema: pathSchemaOf(parts.path),
    querySchema: parts.querySchema ?? nothing,
    bodySchema: parts.bodySchema ?? null,
    answer: { status: 200, ...parts.answer },
    changes: parts.method !== "GET",
    // The schemas of this very route have checked what the call brings.
    handle: (call) => parts.handle(call as HttpCall<PathOf<Path>, Query, Body>),
  };
}

const nothing = object({});

function pathSchemaOf(path: string): Schema<unknown> {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as keyof typeof pathParameters);
  return object(Object.fromEntries(names.map((name) => [name, pathParameters[name]])));
}
