import {
  byteLength,
  fromJsonText,
  TaskError,
  type Codec,
  type CodecContext,
  type Json,
  type StoredValue,
} from "@millrace/models";
import { andThen, type MaybeAsync } from "./maybe-async.ts";

/** Turns values into what a store keeps, and back. */
export interface ValueCodec {
  encode(text: string, about: CodecContext): MaybeAsync<StoredValue>;
  /** `undefined` for null, which says "absent". @throws `INTERNAL` when the codec is unknown or the text is no JSON. */
  decode(value: StoredValue | null, about: CodecContext): MaybeAsync<Json | undefined>;
  /** The text as it was given to `encode`. @throws `INTERNAL` when the codec is unknown */
  decodeText(value: StoredValue, about: CodecContext): MaybeAsync<string>;
}

/** How values are encoded: by `codec` when there is one; values of the others stay readable. */
export function createValueCodec(codec: Codec | null, others: readonly Codec[]): ValueCodec {
  const byId = new Map([...(codec ? [codec] : []), ...others].map((known) => [known.id, known]));
  const decodeText: ValueCodec["decodeText"] = (value, about) => {
    if (typeof value === "string") return value;
    const known = byId.get(value.codecId);
    if (known) return known.decode(value.bytes, about);
    throw unreadable(about, `was written with the codec "${value.codecId}", which is not given here`);
  };
  return {
    encode(text, about) {
      if (!codec) return text;
      return andThen(codec.encode(text, about), (bytes) => ({ codecId: codec.id, bytes }));
    },
    decode: (value, about) =>
      value === null ? undefined : andThen(decodeText(value, about), (text) => parse(text, about)),
    decodeText,
  };
}

/** Whether a JSON text is within a size, in UTF-8 bytes. */
export function fits(text: string, maxBytes: number): boolean {
  return text.length * 3 <= maxBytes || (text.length <= maxBytes && byteLength(text) <= maxBytes);
}

function parse(text: string, about: CodecContext): Json {
  const answer = fromJsonText(text, { path: about.field });
  if ("value" in answer) return answer.value;
  throw unreadable(about, answer.problem.why);
}

function unreadable(about: CodecContext, why: string): TaskError {
  return new TaskError("INTERNAL", `The ${about.field} of task ${about.taskId} cannot be read: it ${why}.`, {
    details: { taskId: about.taskId, field: about.field },
    fix: "Give this client or host the codec that wrote the value.",
  });
}
