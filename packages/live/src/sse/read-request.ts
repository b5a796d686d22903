import { fromJsonText, TaskError, type EventCursor, type TaskSubscriptionQuery } from "@millrace/models";

/** What a request asks for. */
export interface LiveRequest {
  /** Not checked yet: the hub does that. */
  readonly query: TaskSubscriptionQuery;
  readonly after: EventCursor | null;
}

/** As long as a URL may be that proxies pass on. */
const longestQuery = 65_536;

/** Reads query and place of a request. @throws `QUERY_INVALID`, `CURSOR_INVALID` */
export function readRequest(request: Request): LiveRequest {
  const { searchParams } = new URL(request.url);
  for (const name of searchParams.keys()) {
    if (name !== "query" && name !== "after") throw invalid(name, `Unknown parameter ${JSON.stringify(name)}.`);
    if (searchParams.getAll(name).length > 1) throw invalid(name, `${name} is given more than once.`);
  }
  return { query: queryOf(searchParams.get("query")), after: placeOf(request, searchParams.get("after")) };
}

function queryOf(text: string | null): TaskSubscriptionQuery {
  if (text === null) return {};
  if (text.length > longestQuery) throw invalid("query", `query has at most ${longestQuery} characters.`);
  const answer = fromJsonText(text, { path: "query" });
  if (!("value" in answer)) throw invalid("query", "query must be JSON.");
  // The hub refuses whatever is no query.
  return answer.value as TaskSubscriptionQuery;
}

/** A reader that comes back knows better where it was than the URL with which it began. */
function placeOf(request: Request, after: string | null): EventCursor | null {
  const last = request.headers.get("last-event-id");
  if (last === null || last === "") return after;
  try {
    return decodeURIComponent(last);
  } catch {
    throw new TaskError("CURSOR_INVALID", "Last-Event-ID is none that this stream has sent.", {
      details: { path: "Last-Event-ID" },
    });
  }
}

function invalid(path: string, message: string): TaskError {
  return new TaskError("QUERY_INVALID", message, { details: { path } });
}
