import { TaskError, type Json } from "@millrace/models";
import { requireJson } from "./plain-json.ts";
import { ask, assertOpen, type RunSession } from "./run-session.ts";

/** `context.once` of one run. */
export type Once = (key: string, fn: () => unknown) => Promise<unknown>;

/** Makes `once`: calls of one key share one run of `fn`; what it throws is not remembered. */
export function createOnce(session: RunSession): Once {
  const results = new Map<string, Promise<Json | undefined>>();
  return async (key, fn) => {
    assertOpen(session);
    if (typeof key !== "string" || key === "") {
      throw new TaskError("OPTION_INVALID", "context.once needs a key: a text that names what is remembered.", {
        details: { path: "key" },
      });
    }
    const known = results.get(key);
    if (known) return known;
    const result = remembered(session, key, fn);
    results.set(key, result);
    try {
      return await result;
    } catch (error) {
      results.delete(key);
      throw error;
    }
  };
}

async function remembered(session: RunSession, key: string, fn: () => unknown): Promise<Json | undefined> {
  if (session.run.mayHaveMemos) {
    const answer = await ask(session, { type: "memo-get", key });
    if (answer.type === "memo" && answer.found) return answer.value;
  }
  const result = await fn();
  const path = `the result of context.once(${JSON.stringify(key)})`;
  const value = result === undefined ? undefined : requireJson(result, path, "SERIALIZATION_ERROR");
  const answer = await ask(session, { type: "memo-put", key, value });
  // Somebody was first (an earlier try of this very write): what is stored is the truth.
  return answer.type === "memo" && answer.found ? answer.value : value;
}
