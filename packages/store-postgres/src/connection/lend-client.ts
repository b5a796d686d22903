import type { Pool, PoolClient } from "pg";
import { closedError } from "./pools.ts";
import { isSpoilt } from "./store-error.ts";

/** How often a connection of a pool was found lost, and how often it was when each was opened. */
const losses = new WeakMap<Pool, number>();
const openedAfter = new WeakMap<PoolClient, number>();

/** Lends a connection for as long as `work` takes; one that failed in a way that leaves it unsure is thrown away. */
export async function lendClient<Answer>(pool: Pool, work: (client: PoolClient) => Promise<Answer>): Promise<Answer> {
  const client = await trustedClient(pool);
  let isLost = false;
  const onError = (): void => {
    isLost = true;
  };
  client.on("error", onError);
  try {
    return await work(client);
  } catch (error) {
    isLost ||= isSpoilt(error);
    throw error;
  } finally {
    client.off("error", onError);
    if (isLost && openedAfter.get(client) === lossesOf(pool)) losses.set(pool, lossesOf(pool) + 1);
    client.release(isLost);
  }
}

/**
 * A connection that no loss has thrown doubt on. What ended one of them, a server that went or a network that fell silent, has
 * ended its idle siblings as well, and each of them would take the time of a query to say so.
 */
async function trustedClient(pool: Pool): Promise<PoolClient> {
  for (;;) {
    if (pool.ended || pool.ending) throw closedError();
    const client = await pool.connect();
    const opened = openedAfter.get(client) ?? lossesOf(pool);
    openedAfter.set(client, opened);
    if (opened === lossesOf(pool)) return client;
    client.release(true);
  }
}

function lossesOf(pool: Pool): number {
  return losses.get(pool) ?? 0;
}
