import { TaskError, type EventCursor, type TaskSubscriptionQuery } from "@millrace/models";

/** A wish to subscribe, as it came over the wire: the hub checks query and cursor. */
export interface SubscribePayload {
  readonly id: string;
  readonly query: TaskSubscriptionQuery;
  readonly after?: EventCursor;
}

const longestId = 200;
const defaultId = "default";

/** Reads `{ id, query, after }`; nothing stands for `{}`. @throws `QUERY_INVALID` with `details.path` */
export function readSubscribe(payload: unknown): SubscribePayload {
  const fields = fieldsOf(payload, ["id", "query", "after"]);
  const { query, after } = fields;
  return {
    id: idOf(fields),
    // The hub refuses what is no query or no cursor.
    query: query ?? {},
    ...(after === undefined || after === null ? {} : { after: after as EventCursor }),
  };
}

/** Reads `{ id }` or the id alone. @throws `QUERY_INVALID` with `details.path` */
export function readUnsubscribe(payload: unknown): string {
  return idOf(typeof payload === "string" ? { id: payload } : fieldsOf(payload, ["id"]));
}

/** The id under which a payload that may be anything is answered. */
export function answerId(payload: unknown): string {
  try {
    return readUnsubscribe(typeof payload === "object" && payload !== null ? Reflect.get(payload, "id") : payload);
  } catch {
    return defaultId;
  }
}

function fieldsOf(payload: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (payload === undefined || payload === null) return {};
  if (typeof payload !== "object" || Array.isArray(payload)) throw invalid("", "The payload must be an object.");
  for (const name of Object.keys(payload)) {
    if (!known.includes(name)) throw invalid(name, `Unknown field ${JSON.stringify(name)}.`);
  }
  return payload as Readonly<Record<string, unknown>>;
}

function idOf({ id }: Readonly<Record<string, unknown>>): string {
  if (id === undefined) return defaultId;
  if (typeof id === "string" && id.length > 0 && id.length <= longestId) return id;
  throw invalid("id", `id must be a text of 1 to ${longestId} characters.`);
}

function invalid(path: string, message: string): TaskError {
  return new TaskError("QUERY_INVALID", message, { details: { path } });
}
