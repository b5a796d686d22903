export { handlerExport } from "./module/handler-export.ts";
export { moduleAddress, type ModuleAddress } from "./module/module-address.ts";
export { createHandlerLoader, type HandlerLoader, type LoadModule } from "./module/module-loader.ts";
export { createAbortSwitch, type AbortSwitch, type RunAbort } from "./run/abort-switch.ts";
export { toPlainJson, type PlainJson } from "./run/plain-json.ts";
export { runHandler, type AnyTaskHandler, type RunPlace } from "./run/run-handler.ts";
