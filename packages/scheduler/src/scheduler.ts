import {
  TaskError,
  type EpochMs,
  type OccurrencePage,
  type OccurrenceRecord,
  type ServicePort,
  type TaskService,
} from "@millrace/models";
import type { ScheduleDefinition } from "./schedule-definition.ts";
import type { ScheduleView } from "./schedule-view.ts";
import type {
  HistoryQuery,
  ScheduleListQuery,
  ScheduleName,
  SchedulePageQuery,
  ScheduleViewPage,
  UnmetQuery,
} from "./schedule-queries.ts";
import { resolveOptions, type SchedulerOptions } from "./scheduler-options.ts";
import { createVerbs, type ScheduleVerbs } from "./service/schedule-verbs.ts";
import { runRounds } from "./service/run-rounds.ts";
import { startLoop, type ScheduleLoop } from "./service/schedule-loop.ts";

/** Follows schedules as a service of a host, and changes them while the host runs. */
export interface Scheduler extends TaskService {
  /**
   * Makes a schedule. @throws `SCHEDULE_TAKEN`, and what a wrong description is refused with: `SCHEDULE_INVALID`,
   * `CRON_INVALID`, `TIME_ZONE_UNKNOWN`, `SCHEDULE_NEVER_FIRES`, or what an enqueue of its task would throw
   */
  add(definition: ScheduleDefinition): Promise<ScheduleView>;
  /** Describes a schedule anew that was added at run time. Other times begin anew. @throws as `add`, and `SCHEDULE_NOT_FOUND` */
  update(definition: ScheduleDefinition): Promise<ScheduleView>;
  /** Passes over its occurrences from now on, over restarts and redeploys. @throws `SCHEDULE_NOT_FOUND` */
  pause(name: ScheduleName, options?: { readonly by?: string; readonly why?: string }): Promise<ScheduleView>;
  resume(name: ScheduleName): Promise<ScheduleView>;
  /** Runs it now, beside its times, with its input or another one; its policy of overlaps holds. */
  runNow(name: ScheduleName, options?: { readonly input?: unknown }): Promise<OccurrenceRecord>;
  /** Passes over the next occurrence that is not passed over yet. Answers it; null = none comes any more. */
  skipNext(name: ScheduleName): Promise<EpochMs | null>;
  /** The tasks it made stay. False when there is none. One that code registers comes back with the next start. */
  remove(name: ScheduleName): Promise<boolean>;
  /** By tenant and id. */
  list(query?: ScheduleListQuery): Promise<readonly ScheduleView[]>;
  /** Likewise, page by page. */
  page(query?: SchedulePageQuery): Promise<ScheduleViewPage>;
  /** What became of the occurrences of one, the latest first. @throws `CURSOR_INVALID` */
  history(name: ScheduleName, query?: HistoryQuery): Promise<OccurrencePage>;
  /** Occurrences of all schedules that did not run, or not in time, the latest first. @throws `CURSOR_INVALID` */
  unmet(query?: UnmetQuery): Promise<OccurrencePage>;
}

const pruneEveryMs = 60_000;
const biteSize = 500;

/**
 * Follows schedules: those it is given, which it registers at each start without touching their place or pause, and those
 * that are added at run time, by any host. Several hosts may do so at once: each occurrence becomes one task.
 *
 * @throws `OPTION_INVALID`, and what a wrong description is refused with
 */
export function scheduler(options: SchedulerOptions = {}): Scheduler {
  const settings = resolveOptions(options);
  let verbs: ScheduleVerbs | null = null;
  let loop: ScheduleLoop | null = null;

  const started = (): ScheduleVerbs => {
    if (verbs) return verbs;
    throw new TaskError("HOST_STATE_INVALID", "Schedules can be changed while the host of their scheduler runs.", {
      fix: "Start the host first; schedules from code go into the option `schedules`.",
    });
  };
  /** Runs a verb, then looks at once at what it may have made due. */
  const changing = async <Answer>(work: (own: ScheduleVerbs) => Promise<Answer>): Promise<Answer> => {
    const answer = await work(started());
    loop?.wake();
    return answer;
  };

  const start = async (port: ServicePort): Promise<void> => {
    const store = port.facet("schedules");
    const own = createVerbs({ store, port });
    await own.register(settings.schedules, settings.source);
    verbs = own;
    if (!settings.follow) return;
    const { clock, logger, signal, requests } = port;
    loop = startLoop({
      clock,
      logger,
      pollIntervalMs: settings.pollIntervalMs,
      run: () => runRounds({ ...settings, store, requests, clock, logger, signal }),
    });
    port.every(pruneEveryMs, async () => {
      while (!signal.aborted && (await store.prune(settings.occurrencesKeepMs, biteSize)) >= biteSize);
    });
  };

  return {
    name: "scheduler",
    start,
    async stop() {
      verbs = null;
      await loop?.stop();
      loop = null;
    },
    add: (definition) => changing((own) => own.put("add", definition)),
    update: (definition) => changing((own) => own.put("update", definition)),
    pause: (name, { by, why } = {}) =>
      changing((own) => own.change(name, { type: "pause", by: by ?? null, why: why ?? null })),
    resume: (name) => changing((own) => own.change(name, { type: "resume" })),
    runNow: (name, asked = {}) => changing((own) => own.runNow(name, asked)),
    skipNext: (name) => changing((own) => own.skipNext(name)),
    remove: (name) => changing((own) => own.remove(name)),
    list: async (query = {}) => started().list(query),
    page: async (query = {}) => started().page(query),
    history: async (name, query = {}) => started().history(name, query),
    unmet: async (query = {}) => started().unmet(query),
  };
}
