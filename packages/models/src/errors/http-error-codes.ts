import type { ErrorCodeEntry } from "./error-code-entry.ts";

/** The code of a request over HTTP that is not served. */
export type HttpErrorCode =
  | "REQUEST_UNAUTHENTICATED"
  | "REQUEST_FORBIDDEN"
  | "REQUEST_READ_ONLY"
  | "REQUEST_FOREIGN"
  | "REQUEST_TOO_MANY"
  | "REQUEST_TIMED_OUT"
  | "ROUTE_UNKNOWN"
  | "METHOD_UNKNOWN"
  | "BODY_INVALID"
  | "BODY_TOO_LARGE"
  | "BODY_TYPE_UNSUPPORTED"
  | "HOST_UNKNOWN"
  | "PART_NOT_SERVED"
  | "NOT_READY";

/** Why a request over HTTP is not served. */
export const httpErrorCodes: Readonly<Record<HttpErrorCode, ErrorCodeEntry>> = {
  REQUEST_UNAUTHENTICATED: {
    status: 401,
    retryable: false,
    summary: "Nobody knows who asks.",
    fix: "Sign in, or send the credentials that `authorize` looks for.",
  },
  REQUEST_FORBIDDEN: {
    status: 403,
    retryable: false,
    summary: "Whoever asks may not do this.",
    fix: "Ask somebody who has the right that the message names.",
  },
  REQUEST_READ_ONLY: {
    status: 403,
    retryable: false,
    summary: "This handler only reads.",
    fix: "Use one that was made without `readOnly`.",
  },
  REQUEST_FOREIGN: {
    status: 403,
    retryable: false,
    summary: "The request comes from a page of another origin.",
    fix: "Send it from the same origin, or name the other one in `allowedOrigins`.",
  },
  REQUEST_TOO_MANY: {
    status: 429,
    retryable: true,
    summary: "Too many requests of one user.",
    fix: "Wait for the seconds that `Retry-After` names.",
  },
  REQUEST_TIMED_OUT: {
    status: 504,
    retryable: true,
    summary: "The answer took too long.",
    fix: "Ask for less, or narrow the query; a change may have been made all the same, so look before you repeat it.",
  },
  ROUTE_UNKNOWN: {
    status: 404,
    retryable: false,
    summary: "There is nothing under this path.",
    fix: "See `v1/openapi.json` for what there is.",
  },
  METHOD_UNKNOWN: {
    status: 405,
    retryable: false,
    summary: "This path does not know this method.",
    fix: "Use one of those that the header `Allow` names.",
  },
  BODY_INVALID: {
    status: 400,
    retryable: false,
    summary: "The body of a request is not what the route takes.",
    fix: "Correct the field named in `path`; `v1/openapi.json` says what is taken.",
  },
  BODY_TOO_LARGE: {
    status: 413,
    retryable: false,
    summary: "The body of a request is larger than allowed.",
    fix: "Send less at once, or raise `limits.bodyBytes`.",
  },
  BODY_TYPE_UNSUPPORTED: {
    status: 415,
    retryable: false,
    summary: "The body of a request is no JSON by its content type.",
    fix: "Send `content-type: application/json`.",
  },
  HOST_UNKNOWN: {
    status: 404,
    retryable: false,
    summary: "No host of this id was heard of lately.",
    fix: "Look at the list of hosts.",
  },
  PART_NOT_SERVED: {
    status: 404,
    retryable: false,
    summary: "This handler was made without the part that is asked for.",
    fix: "Give the part to the handler where it is made; `has` of `v1` says which it has.",
  },
  NOT_READY: {
    status: 503,
    retryable: true,
    summary: "The store does not answer, or the host does not run.",
    fix: "Wait until it does; the log says what is wrong.",
  },
};
