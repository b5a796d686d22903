import type { TaskId } from "../ids/task-id.ts";

/** What a value belongs to; a codec that encrypts can bind it as additional data. */
export interface CodecContext {
  readonly taskId: TaskId;
  readonly tenantId: string;
  readonly field: "input" | "output" | "failure" | "state" | "memo" | "signal";
}

/**
 * Turns the JSON text of inputs, outputs, failures, states, memos and signal payloads into bytes and back: encryption
 * or compression. Store, journal and dashboard see only the bytes unless they are given the codec.
 */
export interface Codec {
  /** Stored beside each value, so that old values stay readable after a change of codec. */
  readonly id: string;
  encode(text: string, about: CodecContext): Uint8Array | Promise<Uint8Array>;
  decode(bytes: Uint8Array, about: CodecContext): string | Promise<string>;
}
