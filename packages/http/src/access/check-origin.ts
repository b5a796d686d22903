import { TaskError } from "@millrace/models";

const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a change that a page of another origin makes in the name of whoever looks at it. Browsers say where a request
 * comes from (`Sec-Fetch-Site`, else `Origin`); what says neither is a program, unless it brings a cookie.
 *
 * @throws `REQUEST_FOREIGN`
 */
export function checkOrigin(request: Request, allowedOrigins: ReadonlySet<string>): void {
  if (safeMethods.has(request.method)) return;
  const { headers } = request;
  const origin = headers.get("origin");
  if (origin !== null && allowedOrigins.has(origin)) return;
  const site = headers.get("sec-fetch-site");
  if (site !== null) {
    if (site === "same-origin" || site === "none") return;
    throw foreign(`a page that is ${site}`);
  }
  if (origin === null) {
    if (headers.get("cookie") === null) return;
    throw foreign("somebody who sends a cookie and does not say where from");
  }
  if (!isOwn(origin, request)) throw foreign(`the origin ${origin.slice(0, 100)}`);
}

/** A proxy may have taken TLS away, so only the host is compared; `null`, as sandboxed pages say, is none. */
function isOwn(origin: string, request: Request): boolean {
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host !== "" && host === (request.headers.get("host") ?? new URL(request.url).host);
}

function foreign(who: string): TaskError {
  return new TaskError("REQUEST_FOREIGN", `A change was asked for by ${who}.`, { details: { path: "header.origin" } });
}
