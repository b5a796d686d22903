import type { Problem } from "./problem.ts";

/** On every answer: what it holds is data, shown nowhere else, kept by nobody. */
const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
  vary: "Origin, Cookie, Authorization",
};

/** What an answer says besides its value. */
export interface AnswerOptions {
  /** @defaultValue 200 */
  readonly status?: number;
  readonly requestId: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer of JSON. */
export function jsonAnswer(value: unknown, { status = 200, requestId, headers = {} }: AnswerOptions): Response {
  // Only a parser sees it, but `<` and the line ends of JavaScript cost nothing to hide from whoever pastes it into a page.
  const body = JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, escaped);
  return new Response(body, {
    status,
    headers: {
      "content-type": "application/json; charset=utf-8",
      ...securityHeaders,
      "x-request-id": requestId,
      ...headers,
    },
  });
}

/** An answer that was made elsewhere, with what stands on every one of ours. */
export function withHeaders(answer: Response, requestId: string): Response {
  const headers = new Headers({ ...securityHeaders, "x-request-id": requestId });
  for (const [name, value] of answer.headers) headers.set(name, value);
  return new Response(answer.body, { status: answer.status, headers });
}

/** An answer that says what went wrong. */
export function problemAnswer(problem: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  return jsonAnswer(problem, {
    status: problem.status,
    requestId: problem.requestId,
    headers: { "content-type": "application/problem+json; charset=utf-8", ...headers },
  });
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
