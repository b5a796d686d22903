import type { TaskFilter, TaskOrder } from "@millrace/models";
import * as fc from "fast-check";
import { askBoth, type PropertyWorld, type Side } from "./property-world.ts";
import { back, pick } from "./request-choice.ts";
import { storeCommand, type StoreCommand } from "./store-command.ts";

const orders: readonly TaskOrder[] = [
  "created_desc",
  "created_asc",
  "scheduled_asc",
  "scheduled_desc",
  "updated_desc",
  "updated_asc",
  "finished_desc",
  "finished_asc",
  "status_asc",
  "status_desc",
];

const filterChoice: fc.Arbitrary<TaskFilter> = fc.record(
  {
    tenantId: pick("", "t"),
    kinds: pick(["a"], ["a", "b"], []),
    statuses: pick<readonly NonNullable<TaskFilter["statuses"]>[]>(["queued"], ["succeeded", "failed", "cancelled"]),
    states: pick<readonly NonNullable<TaskFilter["states"]>[]>(
      ["scheduled"],
      ["retrying", "stale"],
      ["queued", "running"],
    ),
    channels: pick<readonly (readonly string[])[]>(["c1"], ["kind:a"], ["dedupe:d1", "concurrency:k2"]),
    tags: pick<readonly (readonly string[])[]>(["t1"], ["t1", "t2"], []),
    concurrencyKey: pick("k1", "k2"),
    dedupeKey: pick("d1"),
    supersedeKey: pick("s1"),
    hostId: pick("h1"),
    reasons: pick<readonly (readonly string[])[]>(["TASK_FAILED"], ["sleep", "dependencies"]),
    failureFingerprint: pick("Error"),
  },
  { requiredKeys: [] },
);

const fewFields = filterChoice.map((filter) => Object.fromEntries(Object.entries(filter).slice(0, 2)) as TaskFilter);

const read = storeCommand(
  {
    name: "read",
    args: fc.record({
      filter: fewFields,
      orderBy: fc.constantFrom(...orders),
      limit: pick(1, 2, 5, 100),
      offset: pick(0, 0, 3),
    }),
  },
  async (world, { filter, orderBy, limit, offset }) => {
    await askBoth(
      world,
      (side) => pages(side, { ...filter, orderBy, limit, offset }),
      (ids) => ids,
    );
  },
);

async function pages(
  { store }: Side,
  query: TaskFilter & { readonly orderBy: TaskOrder; readonly limit: number; readonly offset: number },
): Promise<readonly (readonly string[])[]> {
  const lists: (readonly string[])[] = [];
  let after: string | null = null;
  do {
    const page = await store.read({ ...query, ...(after === null ? {} : { after, offset: 0 }) });
    lists.push(page.tasks.map(({ id }) => id));
    after = page.next;
  } while (after !== null);
  return lists;
}

const aggregate = storeCommand({ name: "aggregate", args: fewFields }, async (world, filter) => {
  await askBoth(
    world,
    ({ store }) => store.aggregate(filter),
    ({ total, byStatus, byState, byKind, updatedAt }) => ({ total, byStatus, byState, byKind, updatedAt }),
  );
});

const details = storeCommand({ name: "details", args: back, needs: "tasks" }, async (world, n) => {
  await compareDetails(world, world.taskId(n));
});

/** Steps and earlier attempts of one task. */
export async function compareDetails(world: PropertyWorld, taskId: string): Promise<void> {
  await askBoth(
    world,
    ({ store }) => store.steps({ taskId, limit: 1_000 }),
    ({ steps }) => steps,
  );
  await askBoth(
    world,
    ({ store }) => store.attempts(taskId),
    (attempts) => attempts.map((attempt) => ({ ...attempt, leaseToken: "a token" })),
  );
}

// How many stand before it is left out: which tasks are known to be behind a full key is each store's own affair.
const waits = storeCommand({ name: "waits", args: back, needs: "tasks" }, async (world, n) => {
  const taskId = world.taskId(n);
  await askBoth(
    world,
    async ({ store }) => (await store.facet("waits")?.look(taskId, 3)) ?? null,
    (found) => found && { waitsFor: found.waitsFor, limits: found.limits },
  );
});

/** What readers ask. */
export const readerCommands: readonly fc.Arbitrary<StoreCommand>[] = [read, aggregate, details, waits];
