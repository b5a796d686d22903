/** A queue under measurement. Each process opens it for itself. */
export interface QueueSystem {
  /**
   * Makes what it needs before anybody opens it: tables, a server. Answers the address that every process opens it by.
   *
   * @throws `LeftOutError` when this machine lacks something
   */
  readonly prepare: (place: { readonly postgresUrl: string; readonly folder: string }) => Promise<Prepared>;
  readonly open: (address: string) => Promise<OpenQueue>;
}

/** A queue that stands ready. */
export interface Prepared {
  readonly address: string;
  readonly remove: () => Promise<void>;
}

/** One process' hold on a queue. */
export interface OpenQueue {
  /** One call, one job, acknowledged. */
  readonly enqueue: (n: number) => Promise<unknown>;
  /** Stores so many jobs, however it is fastest. */
  readonly fill: (count: number) => Promise<void>;
  /** Whether no job is left that has yet to be completed. */
  readonly isDrained: () => Promise<boolean>;
  /** Starts to run no-ops; `onRun` at the begin of each handler. Answers how to stop. */
  readonly work: (concurrency: number, onRun: () => void) => Promise<() => Promise<void>>;
  readonly close: () => Promise<void>;
}

/** The payload of every peer: about 110 bytes of JSON. */
export const payload = (n: number): { readonly n: number; readonly p: string } => ({ n, p: "x".repeat(100) });

/** Runs `count` calls, so many at a time; each caller waits for its answer before its next call. */
export async function fromCallers(
  callers: number,
  count: number,
  call: (n: number) => Promise<unknown>,
): Promise<void> {
  let sent = 0;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (sent < count) await call(sent++);
    }),
  );
}

/** Whether nothing answers to a statement that looks for what is left. */
export async function isNothingLeft(
  client: { readonly query: (text: string) => Promise<{ readonly rowCount: number | null }> },
  statement: string,
): Promise<boolean> {
  return (await client.query(`${statement} limit 1`)).rowCount === 0;
}
