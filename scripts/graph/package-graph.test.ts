import { describe, expect, it } from "vitest";
import type { Manifest } from "../workspace/read-workspace.ts";
import { importProblems, nameProblems } from "./import-problems.ts";
import { manifestProblems } from "./manifest-problems.ts";
import type { PackageGraph } from "./package-graph.ts";

const graph: PackageGraph = {
  testTools: ["vitest"],
  packages: {
    models: { floor: 1, job: "Says what a task is.", inside: [], outside: [] },
    engine: { floor: 2, job: "Runs tasks.", inside: ["models"], outside: [], devEdges: ["store"] },
    store: { floor: 2, job: "Keeps tasks.", inside: ["models"], outside: ["a-driver"] },
  },
};
const files = ["dist", "src", "!src/**/*.test.ts", "!src/**/*.test-d.ts", "!src/**/__snapshots__", "!src/testing"];
const engine: Manifest = {
  name: "@millrace/engine",
  description: "Runs tasks.",
  files,
  dependencies: { "@millrace/models": "workspace:^" },
};

describe("a package's manifest", () => {
  it("passes when it says what the graph says", () => {
    expect(problemsOf({})).toEqual([]);
  });

  it("may not stand on a package of its own floor, or a higher one, even when the graph says so", () => {
    const upward: PackageGraph = {
      ...graph,
      packages: {
        ...graph.packages,
        engine: { floor: 2, job: "Runs tasks.", inside: ["models", "store"], outside: [] },
      },
    };
    const dependencies = { "@millrace/models": "workspace:^", "@millrace/store": "workspace:^" };
    expect(problemsOf({ manifest: { ...engine, dependencies }, graph: upward })).toEqual([
      "packages/engine: on floor 2 may not stand on store (floor 2)",
    ]);
  });

  it("may not depend on what the graph does not give it, inside or outside", () => {
    const dependencies = { "@millrace/models": "workspace:^", "@millrace/store": "workspace:^", "left-pad": "1.0.0" };
    expect(problemsOf({ manifest: { ...engine, dependencies } })).toEqual([
      "packages/engine: dependencies inside: @millrace/store not allowed by package-graph.json",
      "packages/engine: dependencies outside: left-pad not allowed by package-graph.json",
    ]);
  });

  it("must have every dependency and peer that the graph gives it, and no other peer", () => {
    const { dependencies: _, ...bare } = engine;
    expect(problemsOf({ manifest: { ...bare, peerDependencies: { zod: "4" } } })).toEqual([
      "packages/engine: dependencies inside: @millrace/models in package-graph.json but not in package.json",
      "packages/engine: peerDependencies: zod not allowed by package-graph.json",
    ]);
  });

  it("must say its sentence in description and README", () => {
    const { description: _, ...silent } = engine;
    expect(problemsOf({ manifest: silent, readme: "# engine" })).toEqual([
      "packages/engine: description differs from the job in the graph",
      "packages/engine: README.md lacks its sentence",
    ]);
  });

  it("finds the sentence of a README that breaks its lines", () => {
    expect(problemsOf({ readme: "# engine\n\nRuns\ntasks.\n" })).toEqual([]);
  });

  it("needs a sentence in the graph", () => {
    const mute: PackageGraph = {
      ...graph,
      packages: { ...graph.packages, engine: { floor: 2, job: " ", inside: ["models"], outside: [], devEdges: [] } },
    };
    expect(problemsOf({ graph: mute })).toEqual(["packages/engine: its row has no sentence saying its job"]);
  });

  it("needs a row, and the name that goes with its folder", () => {
    expect(problemsOf({ folder: "packages/other" })).toEqual(["packages/other: no row in package-graph.json"]);
    expect(problemsOf({ manifest: { ...engine, name: "engine" } })).toEqual([
      "packages/engine: the package must be called @millrace/engine",
    ]);
  });

  it("takes what only tests need from the root", () => {
    const devDependencies = { "@millrace/store": "workspace:^" };
    expect(problemsOf({ manifest: { ...engine, devDependencies }, rootDev: {} })).toEqual([
      "packages/engine: dev edge to store, which is not a root devDependency",
      "packages/engine: @millrace/store belongs in devEdges, not in devDependencies",
    ]);
  });

  it("leaves tests, and what they share, out of what is published", () => {
    expect(problemsOf({ manifest: { ...engine, files: ["dist", "src"] } })).toHaveLength(4);
  });
});

describe("an import", () => {
  it("may name a declared package, its own package and its own files", () => {
    expect(importsIn("a.ts", "@millrace/models", "@millrace/engine", "./b.ts", "node:fs")).toEqual([]);
  });

  it("may not name a package that is not declared", () => {
    expect(importsIn("a.ts", "@millrace/store", "left-pad/deep")).toEqual([
      "packages/engine/src/a.ts: imports @millrace/store, which its package does not declare",
      "packages/engine/src/a.ts: imports left-pad, which its package does not declare",
    ]);
  });

  it("may name test tools and dev edges in tests and in src/testing only", () => {
    const tools = ["vitest", "@millrace/store"];
    expect(importsIn("a.test.ts", ...tools)).toEqual([]);
    expect(importsIn("testing/bench.ts", ...tools)).toEqual([]);
    expect(importsIn("a.ts", ...tools)).toHaveLength(2);
  });

  it("may not lead from published code into a test or src/testing", () => {
    expect(importsIn("host/a.ts", "../testing/bench.ts", "./b.test.ts")).toEqual([
      'packages/engine/src/host/a.ts: "../testing/bench.ts" is for tests, and is not published',
      'packages/engine/src/host/a.ts: "./b.test.ts" is for tests, and is not published',
    ]);
    expect(importsIn("host/a.test.ts", "../testing/bench.ts")).toEqual([]);
  });

  it("may not leave the package by its path", () => {
    expect(importsIn("a.ts", "../../models/src/index.ts")).toEqual([
      'packages/engine/src/a.ts: "../../models/src/index.ts" leaves the package',
    ]);
  });

  it("may not name what a browser lacks on the first floor, but in tests", () => {
    const models = { folder: "packages/models", manifest: { name: "@millrace/models" } };
    const inFile = (path: string) => importProblems(graph, models, [{ path, text: 'import "node:fs";' }]);
    expect(inFile("packages/models/src/a.ts")).toEqual([
      'packages/models/src/a.ts: "node:fs" does not exist in a browser',
    ]);
    expect(inFile("packages/models/src/a.test.ts")).toEqual([]);
  });
});

it("refuses file names that say nothing", () => {
  expect(nameProblems(["a/src/utils.ts", "a/src/task-types.ts", "a/src/task.ts"])).toHaveLength(2);
});

function problemsOf(given: {
  readonly folder?: string;
  readonly manifest?: Manifest;
  readonly readme?: string;
  readonly graph?: PackageGraph;
  readonly rootDev?: Readonly<Record<string, string>>;
}): readonly string[] {
  return manifestProblems(given.graph ?? graph, {
    folder: given.folder ?? "packages/engine",
    manifest: given.manifest ?? engine,
    readme: given.readme ?? "Runs tasks.",
    ours: new Set(["@millrace/models", "@millrace/engine", "@millrace/store"]),
    rootDev: given.rootDev ?? { "@millrace/store": "workspace:^" },
  });
}

function importsIn(file: string, ...specifiers: readonly string[]): readonly string[] {
  const text = specifiers.map((specifier) => `import "${specifier}";`).join("\n");
  return importProblems(graph, { folder: "packages/engine", manifest: engine }, [
    { path: `packages/engine/src/${file}`, text },
  ]);
}
