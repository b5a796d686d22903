import { describe, expect, it } from "vitest";
import { resolveOptions, type ChildProcessTaskExecutorOptions } from "../child-process-options.ts";
import { startPlan, type HostRuntime, type StartPlan } from "./start-plan.ts";
import type { HandlerEntrypoint } from "@millrace/models";

const node: HostRuntime = {
  execPath: "/bin/node",
  execArgv: ["--conditions", "source", "--import=tsx", "--inspect=9229", "-e", "code()", "--max-old-space-size=100"],
  env: { PATH: "/bin", TOKEN: "t", HOME: "/home" },
  isBun: false,
};
const bun: HostRuntime = { ...node, execPath: "/bin/bun", execArgv: ["--conditions=source", "--smol"], isBun: true };

function plan(
  entrypoint: Partial<HandlerEntrypoint>,
  options: ChildProcessTaskExecutorOptions = {},
  host: HostRuntime = node,
): StartPlan {
  return startPlan({ module: "m", ...entrypoint }, resolveOptions(options), host);
}

describe("startPlan", () => {
  it("R35: inherit is the same program with the same loaders and conditions, but no debugger and no code to evaluate", () => {
    expect(plan({ args: ["--own"] }, { args: ["--more"] })).toMatchObject({
      command: "/bin/node",
      args: ["--conditions", "source", "--import=tsx", "--max-old-space-size=100", "--more", "--own"],
      cwd: undefined,
      serialization: "advanced",
    });
  });

  it("R35: another runtime gets the conditions only, and speaks JSON", () => {
    expect(plan({ runtime: "bun" })).toMatchObject({
      command: "bun",
      args: ["--conditions=source"],
      serialization: "json",
    });
    expect(plan({ runtime: "node" }, {}, bun)).toMatchObject({
      command: "node",
      args: ["--conditions=source"],
      serialization: "json",
    });
    expect(plan({}, { command: "/opt/bun" })).toMatchObject({ command: "/opt/bun", serialization: "json" });
  });

  it("R35: within Bun, inherit and bun are the same program", () => {
    expect(plan({ runtime: "bun" }, {}, bun)).toMatchObject({ command: "/bin/bun", serialization: "advanced" });
    expect(plan({}, {}, bun)).toMatchObject({ command: "/bin/bun", args: ["--conditions=source", "--smol"] });
  });

  it("the entrypoint's environment wins over the options', those over the host's", () => {
    const options = { env: { A: "options", B: "options", TOKEN: "options" } };
    expect(plan({ env: { A: "entrypoint" } }, options).env).toMatchObject({
      A: "entrypoint",
      B: "options",
      TOKEN: "options",
      PATH: "/bin",
    });
  });

  it("S11: gives away as much of the host's environment as it was told", () => {
    expect(plan({}, { inheritEnv: false }).env).toEqual({ PATH: "/bin", HOME: "/home" });
    expect(plan({}, { inheritEnv: ["TOKEN", "ABSENT"] }).env).toEqual({ PATH: "/bin", HOME: "/home", TOKEN: "t" });
  });

  it("children are interchangeable when program, arguments, directory and environment are alike, whatever the module", () => {
    const key = (entrypoint: Partial<HandlerEntrypoint>): string => plan(entrypoint).key;
    expect(key({ module: "a", env: { A: "1", B: "2" } })).toBe(
      key({ module: "b", export: "x", env: { B: "2", A: "1" } }),
    );
    const keys = [{}, { env: { A: "1" } }, { cwd: "/x" }, { args: ["--y"] }, { runtime: "bun" as const }].map(key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
