import type { HandlerRef } from "@millrace/models";
import * as handlers from "./conformance-handlers.entry.ts";

/** A name of the module of handlers that the executor suite runs. */
export type ConformanceHandler = keyof typeof handlers;

/** In which form an executor takes a handler. */
export type HandlerForm = HandlerRef["type"];

/** Where the handlers lie: beside this file in src, flat beside the bundle in dist. */
export const handlersModule: URL = new URL(
  `./conformance-handlers.entry${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`,
  import.meta.url,
);

/** The handler of that name in the form that the executor takes. */
export function handlerRef(form: HandlerForm, name: ConformanceHandler): HandlerRef {
  if (form === "module") {
    return { type: "module", kind: "work", entrypoint: { module: handlersModule, export: name } };
  }
  const handler: unknown = Reflect.get(handlers, name);
  // The module is ours: each export is a function, or an object with one.
  const { run, runBatch } = typeof handler === "function" ? { run: handler, runBatch: undefined } : Object(handler);
  return { type: "function", kind: "work", ...(run ? { run } : {}), ...(runBatch ? { runBatch } : {}) };
}
