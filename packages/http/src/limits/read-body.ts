import { fromJsonText, TaskError } from "@millrace/models";
import { invalidRequest } from "../answer/invalid-request.ts";
import type { ResolvedLimits } from "./http-limits.ts";

/** How large, and how deep, a body may be. */
export type BodyLimits = Pick<ResolvedLimits, "bodyBytes" | "depth">;

/**
 * Reads a body of JSON; undefined when there is none.
 *
 * @throws `BODY_TYPE_UNSUPPORTED`, `BODY_TOO_LARGE`, `BODY_INVALID`
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<unknown> {
  const bytes = await readBytes(request, limits.bodyBytes);
  if (bytes.length === 0) return undefined;
  const type = request.headers.get("content-type");
  if (type === null || !/^application\/json(?:\s*;|\s*$)/i.test(type)) {
    throw new TaskError("BODY_TYPE_UNSUPPORTED", `The content type is ${type === null ? "missing" : "another"}.`, {
      details: { path: "header.content-type" },
    });
  }
  const text = textOf(bytes);
  checkDepth(text, limits.depth);
  const answer = fromJsonText(text, { path: "body" });
  if ("problem" in answer) throw invalidRequest("body", answer.problem.why);
  return answer.value;
}

async function readBytes(request: Request, most: number): Promise<Uint8Array> {
  const length = Number(request.headers.get("content-length") ?? 0);
  if (length > most) throw tooLarge(most);
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // What was announced may be a lie: what comes is counted.
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > most) throw tooLarge(most);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalidRequest("body", "is no UTF-8");
  }
}

/** Counts brackets outside of texts, before anything is made of them. */
function checkDepth(text: string, most: number): void {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inText) {
      if (code === backslash) at += 1;
      else if (code === quote) inText = false;
    } else if (code === quote) inText = true;
    else if (code === openBrace || code === openBracket) depth += 1;
    else if (code === closeBrace || code === closeBracket) depth -= 1;
    if (depth > most) throw invalidRequest("body", `may be nested ${most} deep, and is deeper`);
  }
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];

function tooLarge(most: number): TaskError {
  return new TaskError("BODY_TOO_LARGE", `The body may have ${most} bytes.`, { details: { path: "body" } });
}
