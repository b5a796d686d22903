import { TaskError, toJsonText, type ErrorCode, type Json, type JsonProblem } from "@millrace/models";

/** A copy of a value as JSON, or the place and reason why it cannot be one. */
export type PlainJson =
  | { readonly ok: true; readonly json: Json }
  | { readonly ok: false; readonly problem: JsonProblem };

/**
 * Copies a value as JSON keeps it, by the same rules as the rest of the house: what JSON would lose in silence is refused. `path`
 * names the value in the problem, such as `output`.
 */
export function toPlainJson(value: unknown, path: string): PlainJson {
  if (value === null || typeof value === "string" || typeof value === "boolean") return { ok: true, json: value };
  const answer = toJsonText(value, { path });
  if ("problem" in answer) return { ok: false, problem: answer.problem };
  return { ok: true, json: JSON.parse(answer.text) as Json };
}

/** A copy of a value as JSON. @throws the code given, with the path in `details` */
export function requireJson(value: unknown, path: string, code: ErrorCode): Json {
  const plain = toPlainJson(value, path);
  if (plain.ok) return plain.json;
  throw new TaskError(code, `${problemText(plain.problem)}.`, { details: { path: plain.problem.path } });
}

/** The problem as the words of a sentence. */
export function problemText(problem: JsonProblem): string {
  return `${problem.path} ${problem.why}`;
}
