export { retention, type RetentionOptions } from "./retention.ts";
export { watchdog, type WatchdogOptions } from "./watchdog.ts";
