import type { Logger } from "@millrace/models";
import type { HostLogLine } from "./host-options.ts";

/**
 * Where the lines of a host go: to its logger, to its adapter, to both; without either, warnings and errors to the console. A
 * logger that throws is silenced for that line: logging must not stop work.
 */
export function createHostLogger(
  logger: Logger | undefined,
  adapter: ((line: HostLogLine) => void) | undefined,
): Logger {
  const target = logger ?? (adapter ? null : consoleLogger);
  const write =
    (level: HostLogLine["level"]) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      try {
        target?.[level](message, fields);
        adapter?.({ level, message, fields });
      } catch {
        // Nowhere is left to tell it.
      }
    };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

const consoleLogger: Logger = {
  debug() {},
  info() {},
  warn: (message, fields) => console.warn(`millrace: ${message}`, fields ?? {}),
  error: (message, fields) => console.error(`millrace: ${message}`, fields ?? {}),
};
