import { systemClock, TaskError, type Clock, type Logger } from "@millrace/models";
import { behindAProxy, type TaskHttpAuthorize } from "./access/access.ts";
import type { TaskHttpAuditor } from "./audit/audit-entry.ts";
import type { TaskAuditLog } from "./audit/audit-log.ts";
import { createMemoryTaskAuditLog } from "./audit/memory-audit-log.ts";
import { resolveLimits, type ResolvedLimits, type TaskHttpLimits } from "./limits/http-limits.ts";
import type { ServedClient } from "./routes/route.ts";
import type { ServedSchedules } from "./schedules/served-schedules.ts";

/** What of a host is served beyond its client. */
export interface ServedHost extends ServedClient {
  getState(): unknown;
  registerHandler(handler: never): unknown;
}

/** How a handler is made. */
export interface TaskHttpOptions {
  /** A host: its tasks are served, its state tells readiness, and it does bulk actions. */
  readonly host?: ServedHost;
  /** Or a client, where no host runs. Bulk actions are done by a host whose `registerHandler` was given `createBulkTask`. */
  readonly client?: ServedClient;
  /** The scheduler of the host, whose schedules are served too. @defaultValue none are */
  readonly schedules?: ServedSchedules;
  /** Who asks, and what they may. The word is for a handler that only a proxy can reach which has asked already. */
  readonly authorize: TaskHttpAuthorize | typeof behindAProxy;
  /** Nothing is changed, whoever asks. @defaultValue false */
  readonly readOnly?: boolean;
  /** Origins, such as `https://ops.example.com`, whose pages may change things too. @defaultValue the handler's own */
  readonly allowedOrigins?: readonly string[];
  readonly limits?: TaskHttpLimits;
  /** Is told of every change that was asked for. @defaultValue a line of the log */
  readonly onAudit?: TaskHttpAuditor;
  /** Keeps the same, to be read under `v1/audit`. @defaultValue the newest 1,000 while the process lives */
  readonly auditLog?: TaskAuditLog;
  /** Where errors of the server and the audit go. @defaultValue the console */
  readonly logger?: Logger;
  readonly clock?: Clock;
}

/** Options, checked and filled. */
export interface ResolvedOptions {
  readonly client: ServedClient;
  readonly host: ServedHost | null;
  readonly schedules: ServedSchedules | null;
  readonly authorize: TaskHttpAuthorize | typeof behindAProxy;
  readonly readOnly: boolean;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly limits: ResolvedLimits;
  readonly onAudit: TaskHttpAuditor;
  readonly auditLog: TaskAuditLog;
  readonly logger: Logger;
  readonly clock: Clock;
}

const names: readonly string[] = [
  "host",
  "client",
  "schedules",
  "authorize",
  "readOnly",
  "allowedOrigins",
  "limits",
  "onAudit",
  "auditLog",
  "logger",
  "clock",
];

/** Checks options. @throws `OPTION_INVALID` */
export function resolveOptions(options: TaskHttpOptions): ResolvedOptions {
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw refused(name, `is no known option; known are ${names.join(", ")}`);
  }
  const { host = null, authorize, readOnly = false, allowedOrigins = [], logger = console } = options;
  const client = host ?? options.client;
  if (client === undefined || (host !== null && options.client !== undefined)) {
    throw refused("host", "or client must be given, one of them");
  }
  if (typeof authorize !== "function" && authorize !== behindAProxy) {
    const fix =
      'Give a function that answers who asks, or "none-i-am-behind-a-proxy" if only a proxy that asks can reach it.';
    throw refused("authorize", "must be given", fix);
  }
  if (typeof readOnly !== "boolean") throw refused("readOnly", "must be true or false");
  const clock = options.clock ?? systemClock;
  return {
    client,
    host,
    schedules: options.schedules ?? null,
    authorize,
    readOnly,
    allowedOrigins: new Set(allowedOrigins.map(checkedOrigin)),
    limits: resolveLimits(options.limits),
    onAudit: options.onAudit ?? ((entry) => logger.info("A change was asked for over HTTP.", { ...entry })),
    auditLog: options.auditLog ?? createMemoryTaskAuditLog({ clock }),
    logger,
    clock,
  };
}

function checkedOrigin(origin: string, index: number): string {
  if (URL.canParse(origin) && new URL(origin).origin === origin) return origin;
  throw refused(`allowedOrigins[${index}]`, "must be an origin such as https://ops.example.com");
}

function refused(path: string, why: string, fix?: string): TaskError {
  return new TaskError("OPTION_INVALID", `${path} ${why}.`, { details: { path }, ...(fix ? { fix } : {}) });
}
