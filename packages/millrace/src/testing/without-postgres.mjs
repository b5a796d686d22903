// As on a machine where the optional packages are not installed: what asks for them finds nothing.
import { registerHooks } from "node:module";

const missing = process.env["MISSING"]?.split(",") ?? [];

registerHooks({
  resolve(specifier, context, next) {
    if (!missing.includes(specifier)) return next(specifier, context);
    throw Object.assign(new Error(`Cannot find package '${specifier}'`), { code: "ERR_MODULE_NOT_FOUND" });
  },
});
