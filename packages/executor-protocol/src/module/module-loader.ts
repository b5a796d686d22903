import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { TaskError, type HandlerEntrypoint } from "@millrace/models";
import type { AnyTaskHandler } from "../run/run-handler.ts";
import { handlerExport } from "./handler-export.ts";
import { moduleAddress } from "./module-address.ts";

/** Loads a module and answers its namespace; `specifier` is a `file:` URL or a package name. */
export type LoadModule = (specifier: string, entrypoint: HandlerEntrypoint) => unknown;

/** Turns entrypoints into handlers, each module and export once. */
export type HandlerLoader = (entrypoint: HandlerEntrypoint) => Promise<AnyTaskHandler>;

/**
 * Makes a loader. What failed is tried again next time, as far as the runtime does not remember the failure itself.
 * @throws `HANDLER_MODULE_NOT_FOUND` and `HANDLER_EXPORT_INVALID`, by the loader it returns
 */
export function createHandlerLoader(loadModule: LoadModule = importModule): HandlerLoader {
  const handlers = new Map<string, Promise<AnyTaskHandler>>();
  return (entrypoint) => {
    const key = JSON.stringify([String(entrypoint.module), entrypoint.export ?? null]);
    const known = handlers.get(key);
    if (known) return known;
    const loading = loadHandler(entrypoint, loadModule);
    handlers.set(key, loading);
    loading.catch(() => handlers.delete(key));
    return loading;
  };
}

async function loadHandler(entrypoint: HandlerEntrypoint, loadModule: LoadModule): Promise<AnyTaskHandler> {
  const address = moduleAddress(entrypoint);
  if (!address.ok) throw notFound(entrypoint, address.problem);
  const loaded = await namespaceOf(address.specifier, entrypoint, loadModule);
  return handlerExport(loaded, entrypoint.export, String(entrypoint.module));
}

async function namespaceOf(specifier: string, entrypoint: HandlerEntrypoint, loadModule: LoadModule): Promise<unknown> {
  try {
    return await loadModule(specifier, entrypoint);
  } catch (error) {
    throw notFound(entrypoint, error instanceof Error ? error.message : String(error), error);
  }
}

function notFound(entrypoint: HandlerEntrypoint, why: string, cause?: unknown): TaskError {
  const where = String(entrypoint.module);
  return new TaskError("HANDLER_MODULE_NOT_FOUND", `The handler module ${where} cannot be loaded: ${why}`, {
    details: { module: where },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Imports a file, or a package as the program in the working directory sees it, not as this package would. */
async function importModule(specifier: string): Promise<unknown> {
  return import(specifier.startsWith("file:") ? specifier : packageUrl(specifier)) as Promise<unknown>;
}

function packageUrl(name: string): string {
  try {
    const require = createRequire(pathToFileURL(join(process.cwd(), "package.json")));
    return pathToFileURL(require.resolve(name)).href;
  } catch {
    // A package without a `require` entry: the runtime's own search is the second try.
    return name;
  }
}
