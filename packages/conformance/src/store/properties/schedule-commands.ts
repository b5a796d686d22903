import type { PlannedOccurrence, ScheduleAnswer, ScheduleRecord, ScheduleStore } from "@millrace/models";
import * as fc from "fast-check";
import { aRequest } from "../../builders/enqueue-request.ts";
import { aScheduleAsk, aScheduleStep } from "../../builders/schedule.ts";
import { askBoth, type PropertyWorld, type Side } from "./property-world.ts";
import { pick } from "./request-choice.ts";
import { storeCommand, type StoreCommand } from "./store-command.ts";

const ids = pick("s1", "s2", "s3");

/** Asks the schedules of both stores, when the one under test has any. */
async function askSchedules<Answer>(
  world: PropertyWorld,
  ask: (schedules: ScheduleStore, side: Side) => Promise<Answer>,
): Promise<Answer | null> {
  if (!world.subject.store.facet("schedules")) return null;
  const answers = await askBoth<Answer | null>(
    world,
    async (side) => {
      const schedules = side.store.facet("schedules");
      return schedules ? ask(schedules, side) : null;
    },
    (answer) => answer,
  );
  return answers?.reference ?? null;
}

/** What the stores say of all schedules and their occurrences must be equal. */
async function compareSchedules(world: PropertyWorld): Promise<void> {
  await askSchedules(world, async (schedules) => {
    const page = await schedules.read({});
    const lists = page.schedules.map((schedule) => schedules.occurrences({ schedule }));
    return [page, await Promise.all(lists), await schedules.occurrences({})];
  });
}

const put = storeCommand(
  {
    name: "putSchedule",
    args: fc.record({
      scheduleId: ids,
      mode: pick("add", "register", "register", "update"),
      source: pick("x", "x", "y"),
      every: pick(1, 2),
      priority: pick(0, 1),
    }),
  },
  async (world, { scheduleId, mode, source, every, priority }) => {
    const request = aRequest({ id: world.newId(), kind: "a", priority });
    const origin = { type: "run-time", source } as const;
    await askSchedules(world, (schedules): Promise<readonly ScheduleAnswer[]> =>
      schedules.put([aScheduleAsk({ scheduleId, mode, origin, times: { every }, request })]),
    );
    await compareSchedules(world);
  },
);

const change = storeCommand(
  { name: "changeSchedule", args: fc.record({ scheduleId: ids, type: pick("pause", "resume", "skip", "remove") }) },
  async (world, { scheduleId, type }) => {
    const key = { tenantId: "", scheduleId };
    const until = world.clock.now() + 20;
    await askSchedules(world, (schedules) => {
      if (type === "pause") return schedules.change([{ ...key, type, by: "ann", why: null }]);
      return schedules.change([type === "skip" ? { ...key, type, until } : { ...key, type }]);
    });
    await compareSchedules(world);
  },
);

const step = storeCommand(
  {
    name: "stepSchedules",
    args: fc.record({
      limit: pick(1, 2, 10),
      holdMs: pick(5, 50),
      // How far behind the place each occurrence stands, and of what sort it is.
      moments: fc.array(fc.tuple(fc.nat(12), pick("enqueue", "enqueue", "keyed", "unknown", "pass")), { maxLength: 4 }),
      isStale: fc.boolean(),
    }),
  },
  async (world, { limit, holdMs, moments, isStale }) => {
    const due = await askSchedules(world, (schedules) => schedules.take({ limit, holdMs }));
    if (!due) return;
    const steps = due.schedules.map((schedule) => {
      const occurrences = planned(world, schedule, moments);
      const placeAt = isStale ? schedule.placeAt - 1 : (occurrences.at(-1)?.scheduledFor ?? schedule.placeAt);
      return aScheduleStep(schedule, {
        occurrences,
        takenAt: due.now,
        fromAt: isStale ? schedule.placeAt - 1 : schedule.placeAt,
        placeAt,
        nextAt: placeAt + 10,
        lookAt: due.now + 10,
      });
    });
    await askSchedules(world, (schedules) => schedules.step([...steps, ...steps]));
    await compareSchedules(world);
  },
);

function planned(
  world: PropertyWorld,
  { placeAt }: ScheduleRecord,
  moments: readonly (readonly [number, "enqueue" | "keyed" | "unknown" | "pass"])[],
): readonly PlannedOccurrence[] {
  return moments
    .toSorted(([one], [other]) => one - other)
    .map(([distance, sort]): PlannedOccurrence => {
      const scheduledFor = placeAt + distance;
      if (sort === "pass") {
        const until = scheduledFor + 3;
        return { type: "pass", scheduledFor, until, count: 2, outcome: "missed", reason: "catch-up" };
      }
      const kind = sort === "unknown" ? "unheard" : "a";
      const request = aRequest({
        id: world.newId(),
        kind,
        scheduledAt: scheduledFor,
        mustKnowKind: sort === "unknown",
        dedupeKey: sort === "keyed" ? "d1" : null,
      });
      world.requests.push(request);
      return { type: "enqueue", scheduledFor, outcome: distance > 6 ? "late" : "enqueued", request };
    });
}

const run = storeCommand({ name: "runSchedule", args: ids }, async (world, scheduleId) => {
  const request = aRequest({ id: world.newId(), kind: "b" });
  world.requests.push(request);
  await askSchedules(world, (schedules) => schedules.run([{ tenantId: "", scheduleId, request }]));
  await compareSchedules(world);
});

const forget = storeCommand({ name: "pruneOccurrences", args: pick(1, 100) }, async (world, limit) => {
  await askSchedules(world, (schedules) => schedules.prune(30, limit));
  await compareSchedules(world);
});

/** What schedulers and operators do with schedules. */
export const scheduleCommands: readonly fc.Arbitrary<StoreCommand>[] = [put, put, change, step, step, run, forget];
