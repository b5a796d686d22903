import type { TaskError } from "@millrace/models";

/** An error as `application/problem+json`, with our code, the field and the way out. */
export function problemResponse(
  { code, message, status, fix, retryable, details }: TaskError,
  change: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  const path = typeof details["path"] === "string" ? details["path"] : null;
  const shown = change.status ?? status;
  const problem = { type: "about:blank", title: code, status: shown, detail: message, code, path, fix, retryable };
  return new Response(JSON.stringify(problem), {
    status: shown,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...change.headers,
    },
  });
}
