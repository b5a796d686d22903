import { Pool } from "pg";
import type { CallerLibrary } from "./caller-library.ts";

/** Transactions by hand on a client of `pg`. */
export const pgLibrary: CallerLibrary = {
  name: "pg",
  open(connectionString, schema) {
    const pool = new Pool({ connectionString, max: 2 });
    return {
      async transaction(work) {
        const client = await pool.connect();
        try {
          await client.query("begin");
          const answer = await work(client, async (item) => {
            await client.query(`insert into "${schema}".orders (item) values ($1)`, [item]);
          });
          await client.query("commit");
          return answer;
        } catch (error) {
          await client.query("rollback");
          throw error;
        } finally {
          client.release();
        }
      },
      outside: pool,
      close: () => pool.end(),
    };
  },
};
