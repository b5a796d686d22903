import type { Json } from "./json.ts";

/** What a handler threw, in a form that can be stored and shown. */
export interface TaskFailure {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly details?: Json;
  readonly cause?: TaskFailure;
}
