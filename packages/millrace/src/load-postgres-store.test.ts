import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const program = `
import { createTaskStore } from ${JSON.stringify(new URL("index.ts", import.meta.url).href)};
const store = createTaskStore({ driver: "sqlite", sqlite: { path: ":memory:" } });
const kinds = await store.kinds();
await store.close();
let refused = null;
try {
  createTaskStore({ driver: "postgres", postgres: { connectionString: "postgres://nobody@localhost/nothing" } });
} catch ({ code, message, fix }) {
  refused = { code, message, fix };
}
console.log(JSON.stringify({ kinds, refused }));
`;

async function runWithout(missing: string): Promise<unknown> {
  const hooks = fileURLToPath(new URL("testing/without-postgres.mjs", import.meta.url));
  const flags = ["--conditions=@millrace/source", "--import", hooks, "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { env: { ...process.env, MISSING: missing } });
  return JSON.parse(stdout);
}

describe("the packages of Postgres", { timeout: 60_000 }, () => {
  it.each([["@millrace/store-postgres"], ["pg"]])(
    "R58: are not needed on SQLite, and without %s it is said what to install",
    async (missing) => {
      expect(await runWithout(missing)).toEqual({
        kinds: [],
        refused: {
          code: "DRIVER_MISSING",
          message: expect.stringContaining(`'${missing}'`) as string,
          fix: "Run `npm install @millrace/store-postgres pg`.",
        },
      });
    },
  );
});
