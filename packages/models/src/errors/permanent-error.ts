/** What the three control errors of a handler may carry. */
export interface HandlerErrorOptions {
  readonly cause?: unknown;
  /** A code for programs; kept in the task's failure. */
  readonly code?: string;
  /** Plain data; kept in the task's failure. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Thrown by a handler: the task fails now, whatever attempts are left. */
export class PermanentError extends Error {
  override readonly name: string = "PermanentError";
  /** Recognised by this across duplicated packages, subclasses and borders that keep own fields. */
  readonly permanent = true;
  readonly code: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(message: string, options: HandlerErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.details = options.details;
  }
}

/**
 * Whether a thrown value asks for no more attempts: a `PermanentError` of any copy of this package, a subclass of one,
 * or what is left of one after a process border (its name).
 */
export function isPermanentError(thrown: unknown): boolean {
  if (typeof thrown !== "object" || thrown === null) return false;
  try {
    if (Reflect.get(thrown, "name") === "PermanentError") return true;
    return thrown instanceof Error && Reflect.get(thrown, "permanent") === true;
  } catch {
    return false;
  }
}
