/** What is known of an error code. */
export interface ErrorCodeEntry {
  /** The HTTP status it maps to. */
  readonly status: number;
  /** Whether trying again may help. */
  readonly retryable: boolean;
  readonly summary: string;
  readonly fix: string;
}
