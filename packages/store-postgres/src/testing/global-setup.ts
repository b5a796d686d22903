import type { TestProject } from "vitest/node";
import { startTestServer } from "./test-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The server that the tests of this run share. */
    postgresUrl: string;
  }
}

/** Starts one Postgres for all tests of the run; `DATABASE_URL` names another that is there already. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env["DATABASE_URL"];
  if (given !== undefined && given !== "") {
    project.provide("postgresUrl", given);
    return async () => {};
  }
  const server = await startTestServer();
  project.provide("postgresUrl", server.url);
  return server.stop;
}
