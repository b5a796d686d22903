import { afterAll, beforeAll } from "vitest";
import { startTestServer, type TestServer } from "./test-server.ts";

/**
 * A server that no other test file uses, started before its tests; answers its address. For what a stranger's open transaction
 * anywhere on the server changes: two files that each wait for the other's to end would wait for ever. `DATABASE_URL` names
 * another that is there already.
 */
export function ownServer(): () => string {
  const given = process.env["DATABASE_URL"];
  let server: TestServer | null = null;
  beforeAll(async () => {
    if (!given) server = await startTestServer();
  }, 60_000);
  afterAll(() => server?.stop());
  return () => server?.url ?? given ?? "";
}
