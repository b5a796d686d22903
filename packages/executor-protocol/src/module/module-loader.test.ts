import { describe, expect, it } from "vitest";
import type { TaskContext } from "@millrace/models";
import { handlerExport } from "./handler-export.ts";
import { moduleAddress } from "./module-address.ts";
import { createHandlerLoader } from "./module-loader.ts";

const context = {} as TaskContext;
const call = (handler: { run?: ((input: never, context: TaskContext) => unknown) | undefined }): unknown =>
  handler.run?.(undefined as never, context);

describe("handlerExport", () => {
  const named = (name: string) => () => name;

  it("R4: takes the named export, else default, else handler, else the module", () => {
    const loaded = {
      default: named("default"),
      handler: named("handler"),
      run: named("module"),
      own: { run: named("own") },
    };
    expect(call(handlerExport(loaded, "own", "m"))).toBe("own");
    expect(call(handlerExport(loaded, undefined, "m"))).toBe("default");
    expect(call(handlerExport({ ...loaded, default: 1 }, undefined, "m"))).toBe("handler");
    expect(call(handlerExport({ run: named("module") }, undefined, "m"))).toBe("module");
    expect(call(handlerExport(named("function"), undefined, "m"))).toBe("function");
  });

  it("R4, R5: keeps `this` of an object, also of a class, and takes runBatch alone", () => {
    class Worker {
      readonly name = "worker";
      run(): string {
        return this.name;
      }
    }
    expect(call(handlerExport({ default: new Worker() }, undefined, "m"))).toBe("worker");
    expect(handlerExport({ handler: { runBatch: () => [] } }, undefined, "m").runBatch).toBeTypeOf("function");
  });

  it("R4: finds what a CommonJS module exports", () => {
    expect(call(handlerExport({ default: { handler: named("cjs") } }, undefined, "m"))).toBe("cjs");
    expect(call(handlerExport({ default: { own: named("cjs own") } }, "own", "m"))).toBe("cjs own");
  });

  it("R4: a missing export is an error that names what was found", () => {
    const loaded = { default: () => 1, settings: {}, version: 3 };
    expect(() => handlerExport(loaded, "missing", "file:///m.ts")).toThrow(
      expect.objectContaining({
        code: "HANDLER_EXPORT_INVALID",
        message: expect.stringMatching(/"missing".*default \(function\), settings \(object\), version \(number\)/),
      }),
    );
    expect(() => handlerExport({}, undefined, "m")).toThrow(
      expect.objectContaining({ code: "HANDLER_EXPORT_INVALID" }),
    );
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("never takes %s for an export", (name) => {
    expect(() => handlerExport({ default: {} }, name, "m")).toThrow(
      expect.objectContaining({ code: "HANDLER_EXPORT_INVALID" }),
    );
  });
});

describe("moduleAddress", () => {
  it.each([
    ["@scope/tasks/report", "@scope/tasks/report"],
    ["tasks", "tasks"],
    ["/srv/app/task.ts", "file:///srv/app/task.ts"],
    ["file:///srv/task.ts", "file:///srv/task.ts"],
  ])("R4: %s is a package, a path or a file", (module, specifier) => {
    expect(moduleAddress({ module })).toMatchObject({ ok: true, specifier });
  });

  it.each([
    ["./task.ts"],
    ["../x"],
    [""],
    ["data:text/javascript,1"],
    ["node:child_process"],
    ["https://x.y/z.js"],
    ["a/../../b"],
    ["a b"],
  ])("refuses %s with a sentence", (module) => {
    expect(moduleAddress({ module })).toMatchObject({ ok: false, problem: expect.stringMatching(/./) });
  });
});

describe("createHandlerLoader", () => {
  it("R37: loads each module and export once, through a custom loader too", async () => {
    const asked: string[] = [];
    const load = createHandlerLoader((specifier) => {
      asked.push(specifier);
      return { default: () => specifier, other: () => "other" };
    });
    const entrypoint = { module: "file:///a.ts" };
    expect(call(await load(entrypoint))).toBe("file:///a.ts");
    expect(await load({ module: new URL("file:///a.ts") })).toBe(await load(entrypoint));
    expect(call(await load({ ...entrypoint, export: "other" }))).toBe("other");
    expect(asked).toEqual(["file:///a.ts", "file:///a.ts"]);
  });

  it("a module that is not there, or throws, cannot be loaded; the next try asks again", async () => {
    const load = createHandlerLoader();
    const missing = new URL("./no-such-module.ts", import.meta.url);
    await expect(load({ module: missing })).rejects.toMatchObject({ code: "HANDLER_MODULE_NOT_FOUND" });
    let tries = 0;
    const flaky = createHandlerLoader(() => {
      tries += 1;
      if (tries === 1) throw new Error("broken at the top");
      return { default: () => tries };
    });
    await expect(flaky({ module: "m" })).rejects.toMatchObject({
      code: "HANDLER_MODULE_NOT_FOUND",
      message: expect.stringContaining("broken at the top"),
    });
    expect(call(await flaky({ module: "m" }))).toBe(2);
  });

  it("finds packages from the working directory of the program", async () => {
    await expect(createHandlerLoader()({ module: "@millrace/models", export: "defineTask" })).resolves.toHaveProperty(
      "run",
    );
  });
});
