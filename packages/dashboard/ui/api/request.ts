/** What went wrong, as the API says it, or as the way there does. */
export class ApiProblem extends Error {
  override readonly name: string = "ApiProblem";
  readonly status: number;
  readonly code: string;
  readonly fix: string;
  /** Where in the text of a query, when it is one place of it. */
  readonly place: { readonly at: number; readonly length: number } | null;

  constructor(parts: {
    readonly status: number;
    readonly code: string;
    readonly detail: string;
    readonly fix: string;
    readonly place?: ApiProblem["place"];
  }) {
    super(parts.detail);
    this.status = parts.status;
    this.code = parts.code;
    this.fix = parts.fix;
    this.place = parts.place ?? null;
  }

  /** Whether the same may work in a moment. */
  get mayPass(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The API stands beside the page, whatever is before both. */
const base: string = new URL("api/v1/", document.baseURI).href;

/** The address of a route; a path is relative to `v1/`. */
export function apiUrl(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): string {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  return url.href;
}

/** A part of a path: whatever stands in a name stays one part. */
export function pathPart(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** How something is asked for. */
export interface Asking {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly signal?: AbortSignal;
}

/** Reads. @throws ApiProblem */
export function read<Answer>(path: string, { query, signal }: Asking = {}): Promise<Answer> {
  return answerOf<Answer>(apiUrl(path, query), signal ? { signal } : {});
}

/** Changes. @throws ApiProblem */
export function send<Answer>(
  path: string,
  body?: unknown,
  { method = "POST", query }: { readonly method?: "POST" | "DELETE"; readonly query?: Asking["query"] } = {},
): Promise<Answer> {
  const json =
    body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return answerOf<Answer>(apiUrl(path, query), { method, ...json });
}

async function answerOf<Answer>(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, { ...init, cache: "no-store", credentials: "same-origin" }).catch(
    (error: unknown) => {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new ApiProblem({
        status: 0,
        code: "UNREACHABLE",
        detail: `${new URL(url).origin} does not answer.`,
        fix: "The process that serves this page may be starting again, or the way to it is cut. This page tries again by itself.",
      });
    },
  );
  const text = await response.text();
  const value = parsed(text);
  if (response.ok && value !== undefined) return value as Answer;
  throw problemOf(response.status, value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function problemOf(status: number, value: unknown): ApiProblem {
  const { code, detail, fix, at, length } = (typeof value === "object" && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  return new ApiProblem({
    status,
    code: typeof code === "string" ? code : `HTTP_${status}`,
    detail: typeof detail === "string" ? detail : `The answer was ${status}, and nothing that this page can read.`,
    fix: typeof fix === "string" ? fix : "Look whether something between this page and its API answers in its place.",
    place: typeof at === "number" && typeof length === "number" ? { at, length } : null,
  });
}
