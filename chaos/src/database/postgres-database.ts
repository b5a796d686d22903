import type { Random } from "@millrace/models";
import { openTcpProxy, type TcpProxy } from "@millrace/store-postgres/testing/tcp-proxy";
import { startTestServer, type TestServer } from "@millrace/store-postgres/testing/test-server";
import { wait } from "../wait.ts";
import type { ChaosDatabase } from "./chaos-database.ts";
import type { DatabaseAddress } from "./database-address.ts";

/** A server of our own that keeps what it acknowledges, behind a network that loses bytes. */
export async function postgresDatabase(): Promise<ChaosDatabase> {
  const server = await startTestServer({ isDurable: true });
  const proxy = await openTcpProxy(server.url);
  const at = (connectionString: string, schema: string): DatabaseAddress => {
    return { driver: "postgres", connectionString, schema };
  };
  return {
    title: "one Postgres",
    direct: at(server.url, "chaos"),
    troubled: at(proxy.over(server.url), "chaos"),
    empty: (n) => at(server.url, `migration_${n}`),
    migrationMs: 150,
    isJournalInOrder: false,
    async befall(random, until) {
      return (await Promise.all([crashAgain(server, random, until), loseBytes(proxy, random, until)])).flat();
    },
    async stop() {
      await proxy.close();
      await server.stop();
    },
  };
}

/** Crashes of the server, each time for a while. */
async function crashAgain(server: TestServer, random: Random, until: () => boolean): Promise<readonly string[]> {
  let crashes = 0;
  for (;;) {
    const restAt = performance.now() + (crashes === 0 ? 3_000 : 6_000) + random.next() * 4_000;
    while (performance.now() < restAt) {
      if (until()) return [`${crashes} crashes of the database`];
      await wait(100);
    }
    await server.restart("immediate", () => wait(random.next() * 1_500));
    crashes += 1;
  }
}

/** Replies that are lost on their way while their connection ends, and connections that fall silent for good. */
async function loseBytes(proxy: TcpProxy, random: Random, until: () => boolean): Promise<readonly string[]> {
  let replies = 0;
  let silences = 0;
  while (!until()) {
    await wait(50 + random.next() * 250);
    const place = Math.floor(random.next() * 1_000);
    if (random.next() < 0.2) {
      if (proxy.spoil(place, "half-open")) silences += 1;
      continue;
    }
    if (!proxy.spoil(place, random.next() < 0.5 ? "deaf" : "deaf-to-commit")) continue;
    await wait(random.next() * 200);
    replies += proxy.cut("deaf");
  }
  return [`${replies} connections cut whose replies were lost`, `${silences} fallen silent`];
}
