import { createTaskId } from "@millrace/models";
import { createPostgresTaskStore } from "@millrace/store-postgres";
import { Client } from "pg";
import { claimAndSettle, fill } from "./millrace-parts.ts";

/** Three inserts a transaction, one transaction after the other: the rows of an enqueue. Answers seconds. */
export async function insertsInTransactions(
  connectionString: string,
  count: number,
  inputOf: (n: number) => unknown,
): Promise<number> {
  // Without waiting for the answer to the statement before: as few round trips as there can be.
  const client = new Client({ connectionString, pipeline: true });
  await client.connect();
  const run = (name: string, text: string, values: unknown[] = []): Promise<unknown> =>
    client.query({ name, text, values });
  const begun = performance.now();
  for (let n = 0; n < count; n += 1) {
    const id = createTaskId();
    const now = Date.now();
    await Promise.all([
      run("b", "begin"),
      run(
        "t",
        `insert into millrace_task (id, kind, status, scheduled_at, created_at, updated_at, input)
         values ($1, 'raw', 1, $2, $2, $2, $3)`,
        [id, now, JSON.stringify(inputOf(n))],
      ),
      run("q", "insert into millrace_queue (id, kind, scheduled_at) values ($1, 'raw', $2)", [id, now]),
      run(
        "e",
        `insert into millrace_event (at, type, tenant_id, kind, became, n, version, attempt, ids)
         values ($1, 1, '', 'raw', 1, 1, 1, 0, array[$2::uuid])`,
        [now, id],
      ),
      run("c", "commit"),
    ]);
  }
  const seconds = (performance.now() - begun) / 1_000;
  await client.end();
  return seconds;
}

interface Recorded {
  readonly text: string;
  readonly name?: string;
  readonly values: readonly unknown[];
}

/**
 * The statements that claim and settle a plain task, taken from a store at work, in a bare loop of `batch` at a time on one
 * connection with the store's own settings. Answers seconds.
 */
export async function claimAndSettleRaw(connectionString: string, count: number, batch: number): Promise<number> {
  const { claim, settle, options } = await recordStatements(connectionString);
  const store = createPostgresTaskStore({ connectionString });
  await fill(store, count);
  await store.close();
  const client = new Client({ connectionString, options });
  await client.connect();
  const run = async (name: string, { text }: Recorded, values: readonly unknown[]): Promise<unknown[][]> => {
    const query = { name, text, values: [...values], rowMode: "array" as const };
    return (await client.query<unknown[]>(query)).rows;
  };
  const isId = (value: unknown): boolean => typeof value === "string" && /^[0-9a-f-]{36}$/.test(value);
  const begun = performance.now();
  for (let done = 0; done < count;) {
    const token = crypto.randomUUID();
    const [kinds, , , , ...rest] = claim.values;
    const claimed = await run("claim", claim, [kinds, [batch], batch, token, ...rest]);
    const ids = claimed.map((row) => String(row.find(isId))).toSorted();
    const all = <Value>(value: Value): readonly Value[] => ids.map(() => value);
    const settled = await run("settle", settle, [ids, all(token), all(1), all(true), all("null"), null]);
    if (settled.length === 0) throw new Error(`The raw loop settled nothing after ${done} of ${count}.`);
    done += settled.length;
  }
  const seconds = (performance.now() - begun) / 1_000;
  await client.end();
  return seconds;
}

/** What `pg` does not say in its types: the settings that a connection was opened with. */
interface SettingClient extends Client {
  readonly connectionParameters?: { readonly options?: string };
}

/** What a store sends for one plain task, and the settings of its connections. */
async function recordStatements(
  connectionString: string,
): Promise<{ readonly claim: Recorded; readonly settle: Recorded; readonly options: string }> {
  const recorded: Recorded[] = [];
  let options = "";
  const { query } = Client.prototype;
  Object.assign(Client.prototype, {
    query(this: Client, ...asked: Parameters<typeof query>) {
      const [first] = asked as unknown as readonly [Recorded | string];
      if (typeof first === "object" && Array.isArray(first.values)) recorded.push(first);
      options = (this as SettingClient).connectionParameters?.options ?? options;
      return query.apply(this, asked);
    },
  });
  try {
    const store = createPostgresTaskStore({ connectionString });
    await fill(store, 1);
    recorded.length = 0;
    await claimAndSettle(store, 1);
    await store.close();
  } finally {
    Object.assign(Client.prototype, { query });
  }
  const [claim, settle] = recorded.filter(({ name }) => name !== undefined);
  if (!claim || !settle) throw new Error("a claim and a settlement were to be two statements");
  return { claim, settle, options };
}
