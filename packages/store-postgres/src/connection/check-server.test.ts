import { once } from "node:events";
import { inject, expect, it } from "vitest";
import { createPostgresTaskStore } from "../create-postgres-task-store.ts";
import type { PostgresTaskStoreOptions } from "../postgres-store-options.ts";
import { openTestSchema } from "../testing/test-schema.ts";

/** A role of which the server says `synchronous_commit=off`, with a schema of its own. */
async function useHastyRole(use: (options: PostgresTaskStoreOptions) => Promise<void>): Promise<void> {
  const place = await openTestSchema();
  const role = `hasty_${place.schema}`;
  await place.client.query(
    `create role "${role}" login password 'hasty'; alter role "${role}" set synchronous_commit = off;
     create schema "${place.schema}" authorization "${role}"`,
  );
  try {
    const url = new URL(inject("postgresUrl"));
    url.username = role;
    url.password = "hasty";
    await use({ connectionString: url.href, schema: place.schema, listen: false });
  } finally {
    await place.client.query(`drop schema "${place.schema}" cascade; drop role "${role}"`);
    await place.drop();
  }
}

it("R60: synchronous_commit=off that nobody asked for is told with what is at stake, and what to do", () =>
  useHastyRole(async (options) => {
    const warned = once(process, "warning");
    const store = createPostgresTaskStore(options);
    await store.read({});
    const [warning] = (await warned) as [Error & { readonly code?: string; readonly detail?: string }];
    expect(warning.code).toBe("MILLRACE_SYNCHRONOUS_COMMIT_OFF");
    expect(warning.message).toContain("may take tasks with it that were acknowledged");
    expect(warning.detail).toContain("relaxedDurability");
    await store.close();
  }));

it("R60: who has asked for it is not warned", () =>
  useHastyRole(async (options) => {
    const warnings: unknown[] = [];
    const note = (warning: unknown): void => void warnings.push(warning);
    process.on("warning", note);
    const store = createPostgresTaskStore({ ...options, relaxedDurability: true });
    await store.read({});
    // Warnings are told in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    expect(warnings).toEqual([]);
    await store.close();
  }));
