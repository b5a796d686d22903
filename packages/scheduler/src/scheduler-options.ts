import { TaskError } from "@millrace/models";
import { resolveDefinition } from "./resolve-definition.ts";
import type { ScheduleDefinition } from "./schedule-definition.ts";

/** How a scheduler works. */
export interface SchedulerOptions {
  /** Schedules that this program says there are. */
  readonly schedules?: readonly ScheduleDefinition[];
  /** The name of this program: schedules of another program's code are not touched. @defaultValue "code" */
  readonly source?: string;
  /** False: it only changes schedules and tells of them; their occurrences are left to other hosts. @defaultValue true */
  readonly follow?: boolean;
  /** An occurrence that is found later than this after its time is late, and subject to catch-up. Milliseconds. @defaultValue 60_000 */
  readonly graceMs?: number;
  /** How often to look at least, for what other hosts have added. Milliseconds, at least 50. @defaultValue 1_000 */
  readonly pollIntervalMs?: number;
  /** How many schedules are taken at once. @defaultValue 200 */
  readonly batchSize?: number;
  /** How long others leave alone what this host has taken. Milliseconds. @defaultValue 5_000 */
  readonly holdMs?: number;
  /** How long what became of occurrences is kept. Milliseconds, at least an hour. @defaultValue 2_592_000_000 (30 days) */
  readonly occurrencesKeepMs?: number;
}

/** Every option with its value. */
export type SchedulerSettings = Required<SchedulerOptions>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The options, checked. @throws `OPTION_INVALID`, `SCHEDULE_TAKEN`, and what a wrong description is refused with */
export function resolveOptions(options: SchedulerOptions): SchedulerSettings {
  const { schedules = [], source = "code" } = options;
  if (typeof source !== "string" || source === "" || source.length > 200) {
    throw invalid("scheduler.source", "must be 1 to 200 characters");
  }
  checkSchedules(schedules);
  const { follow = true } = options;
  if (typeof follow !== "boolean") throw invalid("scheduler.follow", "must be true or false");
  return {
    schedules,
    source,
    follow,
    graceMs: whole("graceMs", options.graceMs ?? 60_000, [100, 7 * dayMs]),
    pollIntervalMs: whole("pollIntervalMs", options.pollIntervalMs ?? 1_000, [50, hourMs]),
    batchSize: whole("batchSize", options.batchSize ?? 200, [1, 1_000]),
    holdMs: whole("holdMs", options.holdMs ?? 5_000, [100, 300_000]),
    occurrencesKeepMs: whole("occurrencesKeepMs", options.occurrencesKeepMs ?? 30 * dayMs, [hourMs, 3_650 * dayMs]),
  };
}

function checkSchedules(schedules: readonly ScheduleDefinition[]): void {
  const names = new Set<string>();
  for (const definition of schedules) {
    // Whether a time ever comes is a question to the store's clock; everything else is known here.
    resolveDefinition(definition, 0);
    const name = JSON.stringify([definition.tenantId ?? "", definition.id]);
    if (names.has(name)) {
      throw new TaskError("SCHEDULE_TAKEN", `Two schedules of the id "${definition.id}" were given.`, {
        details: { id: definition.id, origin: { type: "code" } },
      });
    }
    names.add(name);
  }
}

function whole(name: string, value: number, [min, max]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalid(`scheduler.${name}`, `must be a whole number from ${min} to ${max}, got ${value}`);
}

function invalid(path: string, why: string): TaskError {
  return new TaskError("OPTION_INVALID", `${path} ${why}.`, { details: { path } });
}
