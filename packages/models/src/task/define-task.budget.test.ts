import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

// How much work the compiler has with many kinds, counted in type instantiations: the same on every machine. A type of
// `defineTask` or `enqueue` that grows with the number of kinds shows here long before an editor becomes slow.

const kinds = 500;
/** Measured at 57 a kind, with its schema, its handler and one enqueue of it. */
const instantiationsPerKind = 100;

const modelsIndex = fileURLToPath(new URL("../index.ts", import.meta.url));

it(`${kinds} kinds are typed within the budget of the compiler`, { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "millrace-budget-"));
  try {
    const empty = await instantiationsOf(folder, 0);
    const full = await instantiationsOf(folder, kinds);
    const perKind = (full - empty) / kinds;
    expect(perKind).toBeGreaterThan(1);
    expect(perKind).toBeLessThan(instantiationsPerKind);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function instantiationsOf(folder: string, count: number): Promise<number> {
  await writeFile(join(folder, "tasks.ts"), programOf(count));
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  const args = [compiler, "-p", folder, "--extendedDiagnostics"];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const found = /Instantiations:\s+(\d+)/.exec(stdout);
  if (!found) throw new Error(`no count of instantiations in:\n${stdout}`);
  return Number(found[1]);
}

const config = {
  compilerOptions: {
    target: "es2024",
    lib: ["es2024", "esnext.disposable", "dom"],
    module: "nodenext",
    moduleResolution: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
  },
  files: ["tasks.ts"],
};

function programOf(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return `
    import { defineTask, type AnyTaskDefinition, type StandardSchema, type TaskClient } from ${JSON.stringify(modelsIndex)};
    declare const client: TaskClient;
    declare function schemaOf<T>(): StandardSchema<T, T & { readonly parsed: true }>;
    ${numbers
      .map(
        (n) => `
    const task${n} = defineTask({
      kind: "kind-${n}",
      input: schemaOf<{ readonly id${n}: string; readonly size: number; readonly nested: { readonly n${n}: ${n} } }>(),
      retry: { maxAttempts: 3 },
      async run(input, context) {
        await context.setProgress({ percent: input.size });
        return { done: input.id${n}, nested: input.nested };
      },
    });
    void client.enqueue(task${n}, { id${n}: "x", size: 1, nested: { n${n}: ${n} } });`,
      )
      .join("")}
    export const tasks: readonly AnyTaskDefinition[] = [${numbers.map((n) => `task${n}`).join(", ")}];
  `;
}
