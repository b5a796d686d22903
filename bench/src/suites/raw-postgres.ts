import { createTaskId, type TaskStore } from "@millrace/models";
import { createPostgresTaskStore } from "@millrace/store-postgres";
import { Client } from "pg";
import { claimAndSettle, fill } from "./millrace-parts.ts";
import { runCycle, type SentStatement, type StatementCycle } from "./statement-cycle.ts";

/** The rows of an enqueue, written without us. */
export interface RawTransactions {
  /** Three inserts in a transaction. */
  readonly insert: (input: unknown) => Promise<unknown>;
  readonly end: () => Promise<void>;
}

/** Opens a connection for them, which does not wait for the answer to the statement before: as few round trips as there can be. */
export async function openRawTransactions(connectionString: string): Promise<RawTransactions> {
  const client = new Client({ connectionString, pipeline: true });
  await client.connect();
  const run = (name: string, text: string, values: unknown[] = []): Promise<unknown> =>
    client.query({ name, text, values });
  const insert = (input: unknown): Promise<unknown> => {
    const id = createTaskId();
    const now = Date.now();
    return Promise.all([
      run("b", "begin"),
      run(
        "t",
        `insert into millrace_task (id, kind, status, scheduled_at, created_at, updated_at, input)
         values ($1, 'raw', 1, $2, $2, $2, $3)`,
        [id, now, JSON.stringify(input)],
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
  };
  return { insert, end: () => client.end() };
}

/**
 * The statements that enqueue, claim and settle plain tasks, taken from a store at work, with the settings of the store's own
 * connections.
 */
export async function storeStatements(
  connectionString: string,
): Promise<{ readonly cycle: StatementCycle; readonly options: string }> {
  const { sent, options } = await recordStatements(connectionString);
  const [enqueue, claim, settle] = sent;
  if (!enqueue || !claim || !settle)
    throw new Error("an enqueue, a claim and a settlement were to be three statements");
  const [kinds, , , , ...rest] = claim.values;
  const all = <Value>(ids: readonly string[], value: Value): readonly Value[] => ids.map(() => value);
  return {
    options,
    cycle: {
      // The ids stand first; every other list says the same of each task.
      enqueue: (ids) => {
        const [, ...others] = enqueue.values;
        return { text: enqueue.text, values: [ids, ...others.map((value) => repeated(value, ids.length))] };
      },
      claim: (limit, token) => ({ text: claim.text, values: [kinds, [limit], limit, token, ...rest] }),
      settle: (ids, token) => ({
        text: settle.text,
        values: [ids, [token], all(ids, 1), all(ids, true), ["null"], null, all(ids, 1), all(ids, 1)],
      }),
      // One row, with a list of those that were.
      countSettled: ([row]) => (typeof row?.[0] === "string" ? row[0].split(",").length : 0),
    },
  };
}

/** Claims and settles so many tasks in a bare loop of these statements, `batch` at a time. Answers seconds. */
export async function claimAndSettleRaw(connectionString: string, count: number, batch: number): Promise<number> {
  const { cycle, options } = await storeStatements(connectionString);
  const client = new Client({ connectionString, options });
  await client.connect();
  const { process } = await runCycle(client, cycle, { count, batch });
  await client.end();
  return process;
}

/** A list of twice the same, as the store writes it, made a list of so many; anything else as it is. */
function repeated(value: unknown, times: number): unknown {
  if (typeof value !== "string" || !value.startsWith("{")) return value;
  const one = value.slice(1, value.length / 2);
  return `{${Array.from({ length: times }, () => one).join(",")}}`;
}

/** What `pg` does not say in its types: the settings that a connection was opened with. */
interface SettingClient extends Client {
  readonly connectionParameters?: { readonly options?: string };
}

/** What a store sends for two plain tasks, in order, and the settings of its connections. */
async function recordStatements(
  connectionString: string,
): Promise<{ readonly sent: readonly SentStatement[]; readonly options: string }> {
  const sent: (SentStatement & { readonly name?: string })[] = [];
  let options = "";
  const { query } = Client.prototype;
  Object.assign(Client.prototype, {
    query(this: Client, ...asked: Parameters<typeof query>) {
      const [first] = asked as unknown as readonly [(typeof sent)[number] | string];
      if (typeof first === "object" && Array.isArray(first.values)) sent.push(first);
      options = (this as SettingClient).connectionParameters?.options ?? options;
      return query.apply(this, asked);
    },
  });
  try {
    const store = createPostgresTaskStore({ connectionString });
    await finishTwo(store);
    sent.length = 0;
    await finishTwo(store);
    await store.close();
  } finally {
    Object.assign(Client.prototype, { query });
  }
  // Hints to other hosts, which travel beside them, are not prepared.
  return { sent: sent.filter(({ name }) => name !== undefined), options };
}

/** Two, because one alone is stored without lists. */
async function finishTwo(store: TaskStore): Promise<void> {
  await fill(store, 2);
  await claimAndSettle(store, 2);
}
