import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { HandlerEntrypoint } from "@millrace/models";

/** Where a handler module lies: something `import()` takes, or a sentence that says why it cannot be used. */
export type ModuleAddress =
  | { readonly ok: true; readonly specifier: string; readonly isPackage: boolean }
  | { readonly ok: false; readonly problem: string };

const packageName = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(\/[\w.~-]+)*$/i;

/**
 * Reads the address of an entrypoint. Files and packages only: code that stands in the address itself (`data:`), comes from the
 * network or belongs to the runtime is no handler.
 */
export function moduleAddress(entrypoint: HandlerEntrypoint): ModuleAddress {
  const { module } = entrypoint;
  if (
    module instanceof URL ||
    (typeof module === "string" && /^[a-z][a-z\d+.-]+:/i.test(module) && !/^[a-z]:[\\/]/i.test(module))
  ) {
    return urlAddress(String(module));
  }
  if (typeof module !== "string" || module === "")
    return { ok: false, problem: "the module of an entrypoint must be a text or a URL" };
  if (isAbsolute(module)) return { ok: true, specifier: pathToFileURL(module).href, isPackage: false };
  if (/^\.{1,2}([\\/]|$)/.test(module)) {
    return {
      ok: false,
      problem: `the module "${module}" is relative and nobody knows to what; use new URL("${module}", import.meta.url)`,
    };
  }
  if (packageName.test(module) && !module.split("/").includes(".."))
    return { ok: true, specifier: module, isPackage: true };
  return { ok: false, problem: `the module "${module}" is neither a package name, an absolute path nor a file URL` };
}

function urlAddress(href: string): ModuleAddress {
  if (href.startsWith("file:")) return { ok: true, specifier: href, isPackage: false };
  const scheme = href.slice(0, href.indexOf(":") + 1);
  return { ok: false, problem: `a handler module must be a file or a package, not a ${scheme} URL` };
}
