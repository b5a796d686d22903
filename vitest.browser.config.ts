import { defineConfig } from "vitest/config";

const SOURCE = "@millrace/source";

// Tests in a real browser stand apart: they need the page to be built, and a minute of their own.
export default defineConfig({
  resolve: { conditions: [SOURCE] },
  ssr: { resolve: { conditions: [SOURCE, "node", "module-sync", "default"], externalConditions: [SOURCE] } },
  test: {
    name: "browser",
    globalSetup: "packages/dashboard/browser/unpack-browser.ts",
    pool: "forks",
    execArgv: [`--conditions=${SOURCE}`],
    include: ["packages/dashboard/browser/**/*.test.ts"],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
