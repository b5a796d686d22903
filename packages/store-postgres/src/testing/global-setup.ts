import type { TestProject } from "vitest/node";
import { startTestServer, type TestServer } from "./test-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The server that the tests of this run share. */
    postgresUrl: string;
  }
}

// Each project of a run loads this file for itself; what they share hangs on the process.
const shared = globalThis as { millraceTestServer?: { readonly server: Promise<TestServer>; users: number } };

/** Starts one Postgres for all tests of the run; `DATABASE_URL` names another that is there already. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env["DATABASE_URL"];
  if (given !== undefined && given !== "") {
    project.provide("postgresUrl", given);
    return async () => {};
  }
  const one = (shared.millraceTestServer ??= { server: startTestServer(), users: 0 });
  one.users += 1;
  const { url, stop } = await one.server;
  project.provide("postgresUrl", url);
  return async () => {
    one.users -= 1;
    if (one.users > 0) return;
    delete shared.millraceTestServer;
    await stop();
  };
}
