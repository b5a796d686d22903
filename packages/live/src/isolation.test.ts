import {
  createSeededRandom,
  isTaskError,
  type EventCursor,
  type Random,
  type TaskLiveMessage,
  type TaskRecord,
} from "@millrace/models";
import { expect, it, vi } from "vitest";
import { createTaskLiveHub, type TaskLiveSubscription } from "./index.ts";
import { createWorld, type World } from "./testing/live-world.ts";
import { pick } from "./testing/random-turns.ts";

const long = Number(process.env["MILLRACE_LONG"] ?? 0);
vi.setConfig({ testTimeout: 60_000 * Math.max(1, long / 5) });

/** `test:long` makes it the hundred thousand of the figure. */
const operations = long > 0 ? 1_000 * long : 400;

const tenants = ["acme", "acme-2"] as const;
type Tenant = (typeof tenants)[number];

const other = (tenant: Tenant): Tenant => (tenant === "acme" ? "acme-2" : "acme");

/** What a curious reader may try: its own, everything, and anything that smells of the other tenant. */
function aQuery(random: Random, mine: Tenant, tasks: readonly TaskRecord[]): unknown {
  const foreign = tasks.find(({ tenantId }) => tenantId === other(mine))?.id ?? "";
  const choices: readonly unknown[] = [
    {},
    { tenantId: mine },
    { tenantId: other(mine) },
    { tenantId: "*" },
    { tenantId: "" },
    { tenantId: `${mine}\u0000` },
    { tenantId: "ａcme" },
    { tenantId: mine.slice(0, 3) },
    { tenantId: [mine, other(mine)] },
    { taskIds: [foreign] },
    { channels: [`task:${foreign}`, "scope:shared", "kind:work"] },
    { channels: ["*", "scope:*", "%", "scope:sha"] },
    { dedupeKey: "shared" },
    { kinds: ["work"], statuses: ["queued", "running"] },
    { tags: ["shared"], recentSteps: 3 },
    { rootId: foreign },
    { parentId: foreign },
    JSON.parse(`{"__proto__":{"tenantId":"${other(mine)}"}}`),
    JSON.parse(`{"constructor":{"prototype":{"tenantId":"${other(mine)}"}}}`),
  ];
  return choices[pick(random, choices.length)];
}

async function work(world: World, random: Random, tasks: TaskRecord[]): Promise<void> {
  const tenantId = tenants[pick(random, 2)] ?? "acme";
  const dice = random.next();
  const task = tasks[pick(random, tasks.length)];
  if (dice < 0.6 || !task) {
    const shared = { tags: ["shared"], channels: ["scope:shared"], input: JSON.stringify(`of ${tenantId}`) };
    tasks.push(await world.enqueue({ tenantId, ...shared, dedupeKey: `shared-${tasks.length}` }));
  } else if (dice < 0.8) {
    const [claimed] = (
      await world.store.claim({
        hostId: "h",
        kinds: [{ kind: "work", slots: 1 }],
        limit: 1,
        leaseMs: 1e6,
        suspects: "include",
      })
    ).tasks;
    if (claimed)
      await world.settle(claimed.task, { type: "succeed", output: JSON.stringify(`of ${claimed.task.tenantId}`) });
  } else {
    tasks.splice(tasks.indexOf(task), 1);
    await world.store.remove([{ taskId: task.id }]);
    // The other tenant takes the id that has become free.
    if (random.next() < 0.3) tasks.push(await world.enqueue({ id: task.id, tenantId: other(task.tenantId as Tenant) }));
  }
}

/** What anybody must not see. */
function foreignIn(message: TaskLiveMessage, mine: Tenant): boolean {
  const text = JSON.stringify(message.type === "bootstrap" ? { ...message, query: null } : message);
  return text.includes(`"tenantId":"${other(mine)}"`) || text.includes(`of ${other(mine)}"`);
}

it("E30, S3: of random subscriptions, replays and resumes of two tenants none sees anything of the other", async () => {
  const seed = 20_261_121;
  const random = createSeededRandom(seed);
  const world = createWorld();
  const tasks: TaskRecord[] = [];
  const cursors: EventCursor[] = [""];
  const open: TaskLiveSubscription[] = [];
  const codes = new Set<string>();
  let foreign = 0;
  let heard = 0;
  await using hub = createTaskLiveHub<Tenant>(world.store, {
    clock: world.clock,
    gatherMs: 0,
    maxQueuedEvents: 50,
    authorize: ({ principal }) => ({
      scope: { tenantId: principal },
      ...(random.next() < 0.2 ? { expiresAt: world.clock.now() + 1 + pick(random, 500) } : {}),
    }),
  });
  for (let n = 0; n < operations; n += 1) {
    await work(world, random, tasks);
    const principal = tenants[pick(random, 2)] ?? "acme";
    const query = aQuery(random, principal, tasks) as object;
    const listener = (message: TaskLiveMessage): void => {
      heard += 1;
      if (foreignIn(message, principal)) foreign += 1;
      if ("cursor" in message && random.next() < 0.1) cursors[pick(random, 50)] = message.cursor;
    };
    const resumed = cursors[pick(random, cursors.length)];
    const options = random.next() < 0.5 && resumed !== undefined ? { principal, after: resumed } : { principal };
    try {
      if (random.next() < 0.1) listener({ type: "bootstrap", ...(await hub.bootstrap(query, { principal })) });
      else open.push(await hub.subscribe(query, listener, options));
    } catch (error) {
      if (!isTaskError(error)) throw error;
      codes.add(error.code);
    }
    while (open.length > 8) open.splice(pick(random, open.length), 1)[0]?.close();
    if (random.next() < 0.3) world.clock.advance(pick(random, 100));
    // So some come back to a place that is gone, and no replay is endless.
    if (n % 100 === 99) await world.store.facet("retention")?.prune({ journalKeepMs: 1_000 }, 10_000);
    if (tasks.length > 40) await world.store.remove(tasks.splice(0, 20).map(({ id }) => ({ taskId: id })));
  }
  await world.rest();
  expect([...codes].toSorted()).toEqual(["ACCESS_REFUSED", "QUERY_INVALID"]);
  expect(heard, `seed ${seed}`).toBeGreaterThan(operations / 2);
  expect(foreign, `seed ${seed}`).toBe(0);
});
