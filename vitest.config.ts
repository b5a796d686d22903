import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const SOURCE = "@millrace/source";

// Where .ci/run wants the results as JSON, beside what people read.
const reportFile = process.env["MILLRACE_TEST_REPORT"];

// Packages that are tested on Postgres besides its store.
const onPostgres: ReadonlySet<string> = new Set(["packages/live", "packages/millrace", "apps/demo-worker"]);

// Packages whose tests share no state but what each makes for itself: their files need no process each, which costs more than most
// of them.
const purePackages: ReadonlySet<string> = new Set(
  ["models", "engine", "scheduler", "http", "dashboard"].map((name) => `packages/${name}`),
);

const folders = ["packages", "apps", "examples"]
  .flatMap((parent) => childFolders(parent))
  .concat("bench", "chaos")
  .filter((folder) => existsSync(new URL(`./${folder}/src`, import.meta.url)));

export default defineConfig({
  // Tests run on src, never on dist: workspace packages are resolved through their source condition …
  resolve: { conditions: [SOURCE] },
  ssr: { resolve: { conditions: [SOURCE, "node", "module-sync", "default"], externalConditions: [SOURCE] } },
  test: {
    pool: "forks",
    // … also in the threads and child processes that tests start: they inherit execArgv.
    execArgv: [`--conditions=${SOURCE}`],
    maxWorkers: 2,
    passWithNoTests: true,
    ...(reportFile === undefined ? {} : { reporters: ["default", ["json", { outputFile: reportFile }]] }),
    projects: [
      ...folders.map((root) => ({
        extends: true as const,
        root,
        test: {
          name: projectName(root),
          include: ["{src,ui}/**/*.test.ts"],
          isolate: !purePackages.has(root),
          ...globalSetupOf(root),
        },
      })),
      { extends: true as const, test: { name: "scripts", include: ["scripts/**/*.test.ts"] } },
    ],
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/*.test-d.ts", "**/*.generated.ts"],
      reporter: ["text", "lcov"],
    },
  },
});

function childFolders(parent: string): string[] {
  const path = new URL(`./${parent}`, import.meta.url);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`);
}

// What all tests of a package share: a database server, started once a run. Some use the one of another package.
function globalSetupOf(root: string): { globalSetup?: string[] } {
  const path = `${onPostgres.has(root) ? "packages/store-postgres" : root}/src/testing/global-setup.ts`;
  const url = new URL(`./${path}`, import.meta.url);
  return existsSync(url) ? { globalSetup: [fileURLToPath(url)] } : {};
}

// An app or example whose name a package has as well is told apart by its folder.
function projectName(root: string): string {
  const name = root.slice(root.indexOf("/") + 1);
  const isTaken = !root.startsWith("packages/") && existsSync(new URL(`./packages/${name}`, import.meta.url));
  return isTaken ? root.replace("/", "-") : name;
}
