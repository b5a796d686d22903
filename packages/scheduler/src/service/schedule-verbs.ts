import {
  applyScheduleAsk,
  createTaskId,
  TaskError,
  type EnqueueRequest,
  type EpochMs,
  type OccurrencePage,
  type OccurrenceRecord,
  type ScheduleAnswer,
  type ScheduleAsk,
  type ScheduleKey,
  type ScheduleOrigin,
  type ScheduleRecord,
  type ScheduleStore,
  type ServicePort,
} from "@millrace/models";
import { resolveDefinition } from "../resolve-definition.ts";
import type { ScheduleDefinition } from "../schedule-definition.ts";
import { policyToJson } from "../schedule-policy.ts";
import { nextRuns, scheduleView, type ScheduleView } from "../schedule-view.ts";
import type {
  HistoryQuery,
  ScheduleListQuery,
  ScheduleName,
  SchedulePageQuery,
  ScheduleViewPage,
  UnmetQuery,
} from "../schedule-queries.ts";
import { timesToJson } from "../times/schedule-times.ts";
import { forNow, withOverlap } from "./scheduled-request.ts";

/** What may be done to schedules. */
export interface ScheduleVerbs {
  register(definitions: readonly ScheduleDefinition[], source: string): Promise<void>;
  put(mode: "add" | "update", definition: ScheduleDefinition): Promise<ScheduleView>;
  change(name: ScheduleName, change: OwnChange): Promise<ScheduleView>;
  runNow(name: ScheduleName, asked: { readonly input?: unknown }): Promise<OccurrenceRecord>;
  skipNext(name: ScheduleName): Promise<EpochMs | null>;
  remove(name: ScheduleName): Promise<boolean>;
  list(query: ScheduleListQuery): Promise<readonly ScheduleView[]>;
  page(query: SchedulePageQuery): Promise<ScheduleViewPage>;
  history(name: ScheduleName, query: HistoryQuery): Promise<OccurrencePage>;
  unmet(query: UnmetQuery): Promise<OccurrencePage>;
}

type OwnChange =
  | { readonly type: "pause"; readonly by: string | null; readonly why: string | null }
  | { readonly type: "resume" };

/** What the verbs work with. */
export interface VerbPorts {
  readonly store: ScheduleStore;
  readonly port: Pick<ServicePort, "requests" | "store" | "clock" | "logger">;
}

const runTime: ScheduleOrigin = { type: "run-time", source: "" };
const registeredAtOnce = 200;
const defaultRuns = 5;
const defaultHistory = 30;
const pageSize = 500;

/** The verbs over a store. */
export function createVerbs(ports: VerbPorts): ScheduleVerbs {
  const { store, port } = ports;

  const askFor = async (
    definition: ScheduleDefinition,
    { mode, origin, now }: Pick<ScheduleAsk, "mode" | "origin"> & { readonly now: EpochMs },
  ): Promise<ScheduleAsk> => {
    const { times, policy } = resolveDefinition(definition, now);
    const { id: scheduleId, tenantId = "" } = definition;
    const request = withOverlap(await requestFor(definition, port), scheduleId, policy.overlap);
    return { mode, origin, tenantId, scheduleId, times: timesToJson(times), policy: policyToJson(policy), request };
  };

  const found = async (name: ScheduleName): Promise<{ readonly schedule: ScheduleRecord; readonly now: EpochMs }> => {
    const { tenantId, scheduleId } = keyOf(name);
    const { schedules, now } = await store.read({ tenantId, scheduleIds: [scheduleId] });
    const [schedule] = schedules;
    if (!schedule) throw notFound(name);
    return { schedule, now };
  };

  return {
    async register(definitions, source) {
      const origin = { type: "code", source } as const;
      // One whose end has come since stays in the code: that must stop no host.
      const now = 0;
      for (let at = 0; at < definitions.length; at += registeredAtOnce) {
        const asks: ScheduleAsk[] = [];
        for (const definition of definitions.slice(at, at + registeredAtOnce)) {
          asks.push(await askFor(definition, { mode: "register", origin, now }));
        }
        for (const answer of await putChanged(store, asks)) storedBy(answer);
      }
      await reportUnlisted(ports, definitions, source);
    },
    async put(mode, definition) {
      const { now } = await store.read({ limit: 1 });
      const [answer] = await store.put([await askFor(definition, { mode, origin: runTime, now })]);
      if (!answer || answer.status === "not-found")
        throw notFound({ id: definition.id, tenantId: definition.tenantId ?? "" });
      return scheduleView(storedBy(answer), { runs: defaultRuns, now });
    },
    async change(name, change) {
      const [answer] = await store.change([{ ...keyOf(name), ...change }]);
      if (!answer || answer.status === "not-found") throw notFound(name);
      const { now } = await store.read({ limit: 1 });
      return scheduleView(answer.schedule, { runs: defaultRuns, now });
    },
    async runNow(name, asked) {
      const { schedule } = await found(name);
      const id = createTaskId(Math.floor(port.clock.now()));
      const request =
        "input" in asked
          ? await otherInput(schedule, asked.input, port)
          : await port.requests.copy(schedule.request, id);
      const [answer] = await store.run([{ ...keyOf(name), request: forNow(request, schedule.scheduleId) }]);
      if (!answer || answer.status === "not-found") throw notFound(name);
      return answer.occurrence;
    },
    async skipNext(name) {
      const { schedule, now } = await found(name);
      const [next] = nextRuns(schedule, 1, now);
      if (next === undefined) return null;
      await store.change([{ ...keyOf(name), type: "skip", until: next }]);
      return next;
    },
    async remove(name) {
      const [answer] = await store.change([{ ...keyOf(name), type: "remove" }]);
      return answer?.status === "changed";
    },
    async list(query) {
      const views: ScheduleView[] = [];
      let after: string | null = null;
      do {
        const onePage: ScheduleViewPage = await pageOf(store, {
          ...query,
          limit: pageSize,
          ...(after === null ? {} : { after }),
        });
        views.push(...onePage.schedules);
        after = onePage.next;
      } while (after !== null);
      return views;
    },
    page: (query) => pageOf(store, query),
    history: (name, query) => store.occurrences({ limit: defaultHistory, ...query, schedule: keyOf(name) }),
    unmet: (query) => store.occurrences({ limit: defaultHistory, ...query }),
  };
}

async function pageOf(store: ScheduleStore, query: SchedulePageQuery): Promise<ScheduleViewPage> {
  const { tenantId, ids, origin, runs = defaultRuns, limit = 50, after } = query;
  const { schedules, next, now } = await store.read({
    limit,
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(ids === undefined ? {} : { scheduleIds: ids }),
    ...(origin === undefined ? {} : { originType: origin }),
    ...(after === undefined ? {} : { after }),
  });
  return { schedules: schedules.map((schedule) => scheduleView(schedule, { runs, now })), next, now };
}

/** Stores what differs from what is there: nobody who starts waits for those who are just following what has not changed. */
async function putChanged(store: ScheduleStore, asks: readonly ScheduleAsk[]): Promise<readonly ScheduleAnswer[]> {
  const answers: ScheduleAnswer[] = [];
  const byTenant = Map.groupBy(asks, ({ tenantId }) => tenantId);
  for (const [tenantId, own] of byTenant) {
    const scheduleIds = own.map(({ scheduleId }) => scheduleId);
    const { schedules, now } = await store.read({ tenantId, scheduleIds, limit: own.length });
    const known = new Map(schedules.map((schedule) => [schedule.scheduleId, schedule]));
    const changed = own.filter((ask) => {
      const before = known.get(ask.scheduleId) ?? null;
      return applyScheduleAsk(ask, { before, now }).answer.status !== "unchanged";
    });
    answers.push(...(await store.put(changed)));
  }
  return answers;
}

/** The request of a description, for a kind that somebody knows. @throws what its enqueue would throw */
async function requestFor(
  { task, input, tenantId, options = {} }: ScheduleDefinition,
  port: VerbPorts["port"],
): Promise<EnqueueRequest> {
  const all = { ...options, ...(tenantId === undefined ? {} : { tenantId }) };
  const item = typeof task === "string" ? { kind: task, input, options: all } : { task, input, options: all };
  const request = await port.requests.make(item);
  if (request.mustKnowKind) await checkKindKnown(request.kind, port);
  // From here on a kind without a handler is reported by the hosts, as for any task; its tasks wait.
  return { ...request, mustKnowKind: false };
}

async function checkKindKnown(kind: string, { store }: VerbPorts["port"]): Promise<void> {
  if ((await store.kinds()).some((known) => known.kind === kind)) return;
  throw new TaskError("KIND_UNKNOWN", `No host has registered the kind "${kind}".`, { details: { kind } });
}

/** The schedule's request with another input, which its kind's schema has judged. */
async function otherInput(
  { request, tenantId }: ScheduleRecord,
  input: unknown,
  port: VerbPorts["port"],
): Promise<EnqueueRequest> {
  const options = { tenantId, allowUnknownKinds: true };
  const { id, input: encoded, summary, tags } = await port.requests.make({ kind: request.kind, input, options });
  return { ...request, id, input: encoded, summary, tags: [...new Set([...request.tags, ...tags])].slice(0, 16) };
}

/** Schedules that an earlier version of this code registered go on: only somebody who looks can say whether they should. */
async function reportUnlisted(
  { store, port }: VerbPorts,
  definitions: readonly ScheduleDefinition[],
  source: string,
): Promise<void> {
  const listed = new Set(definitions.map(({ id, tenantId = "" }) => JSON.stringify([tenantId, id])));
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<ScheduleStore["read"]>> = await store.read({
      originType: "code",
      limit: pageSize,
      ...(after === null ? {} : { after }),
    });
    for (const { tenantId, scheduleId, origin } of page.schedules) {
      if (origin.source !== source || listed.has(JSON.stringify([tenantId, scheduleId]))) continue;
      port.logger.warn(`The schedule "${scheduleId}" is no longer in the code; it goes on until it is removed.`, {
        tenantId,
        source,
      });
    }
    after = page.next;
  } while (after !== null);
}

/** @throws `SCHEDULE_TAKEN` */
function storedBy(answer: ScheduleAnswer): ScheduleRecord {
  if (answer.status === "not-found") throw new TaskError("INTERNAL", "A schedule was not made and not refused.");
  if (answer.status !== "taken") return answer.schedule;
  const { scheduleId, tenantId, origin } = answer.schedule;
  const place = origin.type === "code" ? `the code of "${origin.source}"` : "somebody at run time";
  throw new TaskError("SCHEDULE_TAKEN", `The schedule "${scheduleId}" is there already; it comes from ${place}.`, {
    details: { id: scheduleId, tenantId, origin },
  });
}

function keyOf(name: ScheduleName): ScheduleKey {
  return typeof name === "string"
    ? { tenantId: "", scheduleId: name }
    : { tenantId: name.tenantId, scheduleId: name.id };
}

function notFound(name: ScheduleName): TaskError {
  const { tenantId, scheduleId } = keyOf(name);
  return new TaskError("SCHEDULE_NOT_FOUND", `There is no schedule "${scheduleId}".`, {
    details: { id: scheduleId, tenantId },
  });
}
