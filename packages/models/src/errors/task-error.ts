import { errorCodes, type ErrorCode } from "./error-codes.ts";

/** What a `TaskError` may carry besides its code and message. */
export interface TaskErrorOptions {
  readonly cause?: unknown;
  /** Data for programs: the option's path, the bound, the ids in question. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** What to do here and now, when the table's advice is too general. */
  readonly fix?: string;
}

/**
 * The one error class of Millrace. Test it by code with `isTaskError(error, "STORE_FULL")`, never by text or by
 * `instanceof` (two copies of this package may be loaded).
 */
export class TaskError extends Error {
  override readonly name = "TaskError";
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  /** How to get out of it. */
  readonly fix: string;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** The HTTP status it maps to. */
  readonly status: number;

  constructor(code: ErrorCode, message: string, options: TaskErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const entry = errorCodes[code];
    this.code = code;
    this.details = options.details ?? {};
    this.fix = options.fix ?? entry.fix;
    this.retryable = entry.retryable;
    this.status = entry.status;
  }

  override toString(): string {
    return `TaskError [${this.code}]: ${this.message}\n  How to fix: ${this.fix}`;
  }
}

/**
 * Whether a value is a `TaskError`, of that code when one is given; also across duplicated copies of this package, of
 * which a newer one may know more codes. Never throws: a value whose fields cannot be read is none.
 */
export function isTaskError(value: unknown, code?: ErrorCode): value is TaskError {
  try {
    if (!(value instanceof Error) || value.name !== "TaskError") return false;
    const found: unknown = Reflect.get(value, "code");
    // Others have classes of this name too; ours says whether to try again.
    if (typeof found !== "string" || typeof Reflect.get(value, "retryable") !== "boolean") return false;
    return code === undefined || found === code;
  } catch {
    return false;
  }
}
