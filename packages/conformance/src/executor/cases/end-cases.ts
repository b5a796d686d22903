import type { HandlerRef } from "@millrace/models";
import { expect } from "vitest";
import { recordedIo } from "../../builders/recorded-io.ts";
import { aRun } from "../../builders/task-run.ts";
import { handlersModule } from "../conformance-handlers.ts";
import type { ExecutorCases } from "../executor-bench.ts";

/** What it refuses, what it cannot load, and how it is closed; each case has an executor of its own. */
export const endCases: ExecutorCases = (add, { forms = ["module"] }) => {
  add("says null of handlers it can run, and a sentence of others", async ({ executor, run }) => {
    await Promise.resolve();
    expect(executor.refuses(run("echo").handler)).toBeNull();
    const others: readonly HandlerRef[] = [
      { type: "function", kind: "k" },
      { type: "module", kind: "k", entrypoint: { module: "./relative.ts" } },
    ];
    for (const handler of others) expect(executor.refuses(handler)).toEqual(expect.any(String));
    const isFunctionTaken = executor.refuses({ type: "function", kind: "k", run: () => 1 }) === null;
    expect(isFunctionTaken).toBe(forms.includes("function"));
  });

  add("R4, R63: a module or export that is not there fails the task with its code", async ({ executor, outcome }) => {
    const of = (module: URL, name: string): HandlerRef => ({
      type: "module",
      kind: "work",
      entrypoint: { module, export: name },
    });
    const missing = of(new URL("./no-such-module.js", handlersModule), "echo");
    if (executor.refuses(missing) !== null) return;
    expect(await outcome(aRun({ handler: missing }))).toMatchObject({
      type: "failed",
      failure: { code: "HANDLER_MODULE_NOT_FOUND" },
    });
    for (const name of ["noSuchExport", "notAHandler"]) {
      expect(await outcome(aRun({ handler: of(handlersModule, name) }))).toMatchObject({
        type: "failed",
        failure: { code: "HANDLER_EXPORT_INVALID" },
      });
    }
  });

  add("T41: close ends what runs as a shutdown, and starts nothing more", async ({ executor, run, outcome }) => {
    const io = recordedIo();
    const ended = outcome(run("heeds", "reason"), io);
    await io.logged("running");
    await executor.close();
    expect(await ended).toMatchObject({ type: "aborted", why: "shutdown" });
    const late = recordedIo();
    expect(await outcome(run("echo", 1), late)).toMatchObject({ type: "aborted", why: "shutdown" });
    expect(late.reports).toEqual([]);
  });

  add("T41: close may be called twice, at once or later, and before any run", async ({ executor }) => {
    await Promise.all([executor.close(), executor.close()]);
    await executor.close();
  });

  add("says what it is", async ({ executor }) => {
    await Promise.resolve();
    expect(executor.name).not.toBe("");
    expect(typeof executor.isolated).toBe("boolean");
    expect(executor.capacity === null || executor.capacity >= 1).toBe(true);
  });
};
