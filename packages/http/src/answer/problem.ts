import { errorCodes, isTaskError, type ErrorCode, type TaskError } from "@millrace/models";

/** What went wrong, as `application/problem+json` (RFC 9457) with our code, path and fix. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  /** Where in the request: `body.options.priority`, `query.q`. */
  readonly path?: string;
  /** Where in that text, and how much of it, when it is one place of a query. */
  readonly at?: number;
  readonly length?: number;
  readonly fix: string;
  readonly retryable: boolean;
  /** What a kind's schema says of its input. */
  readonly issues?: unknown;
  readonly requestId: string;
}

/** What of an error's details is about the request, and so may be told. */
const told: readonly string[] = ["path", "at", "length", "issues"];

/** The problem of an error. One of ours that blames the server, and any other, says no more than its code does. */
export function problemOf(error: unknown, requestId: string): Problem {
  const known = isTaskError(error) ? error : null;
  const code: ErrorCode = known && Object.hasOwn(errorCodes, known.code) ? known.code : "INTERNAL";
  const entry = errorCodes[code];
  const isTheirs = known !== null && entry.status < 500;
  return {
    type: `urn:millrace:error:${code}`,
    title: entry.summary,
    status: entry.status,
    detail: isTheirs ? known.message : entry.summary,
    code,
    ...(isTheirs ? toldDetails(known) : {}),
    fix: isTheirs ? known.fix : entry.fix,
    retryable: entry.retryable,
    requestId,
  };
}

function toldDetails({ details, code }: TaskError): Partial<Problem> {
  const found = Object.fromEntries(told.flatMap((name) => (name in details ? [[name, details[name]]] : [])));
  const { path } = found;
  if (code === "SCHEDULE_NOT_FOUND") return { ...found, path: "path.scheduleId" };
  if (code === "CURSOR_INVALID" && path === undefined) return { ...found, path: "query.after" };
  if (typeof path !== "string") return code === "INPUT_INVALID" ? { ...found, path: "body.input" } : found;
  // What the client calls `options.priority` stands in the body.
  const isPlaced = /^(?:body|query|path|header)(?:\.|\[|$)/.test(path);
  return { ...found, path: isPlaced ? path : `body.${path}` };
}
