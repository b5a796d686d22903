import type { CancelAsk, ChangeAsk, EnqueueResult, KindAsk } from "@millrace/models";
import * as fc from "fast-check";
import { aKind } from "../../builders/kind.ts";
import { normalAnswer, normalGroupResult } from "./normal-form.ts";
import { askBoth, type PropertyWorld } from "./property-world.ts";
import { back, pick, requestChoice, requestOf } from "./request-choice.ts";
import { storeCommand, type StoreCommand } from "./store-command.ts";

const enqueue = storeCommand(
  {
    name: "enqueue",
    args: fc.array(fc.array(requestChoice, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 }),
  },
  async (world, choices) => {
    const groups = choices.map((group) => ({ tasks: group.map((choice) => requestOf(world, choice)) }));
    const answers = await askBoth(
      world,
      ({ store }) => store.enqueue(groups),
      (results) => results.map(normalGroupResult),
    );
    for (const [index, result] of (answers?.reference ?? []).entries()) {
      if (result.status === "stored") noteFlows(world, groups[index]?.tasks ?? [], result.results);
    }
  },
);

function noteFlows(world: PropertyWorld, requests: PropertyWorld["requests"], results: readonly EnqueueResult[]): void {
  // A request that was reused is waited for as the task that answers for it.
  const actual = new Map(requests.map(({ id }, index) => [id, results[index]?.task.id ?? id]));
  for (const [index, request] of requests.entries()) {
    const result = results[index];
    if (result?.disposition !== "created" || result.task.status !== "blocked") continue;
    const isPatient = request.dependencies.every(({ onFailure }) => onFailure === "continue");
    world.flows.push({
      waiterId: request.id,
      dependencyIds: request.dependencies.map(({ taskId }) => actual.get(taskId) ?? taskId),
      mayGoOnEarly: !isPatient,
    });
  }
}

const enqueueAgain = storeCommand({ name: "enqueueAgain", args: back, needs: "tasks" }, async (world, n) => {
  const id = world.taskId(n);
  const request = world.requests.find((made) => made.id === id);
  const [known] = await world.reference.store.get([id]);
  // A removed task is not known any more: sent again it would be made again, and its versions begin anew.
  if (!request || !known) return;
  await askBoth(
    world,
    ({ store }) => store.enqueue([{ tasks: [request] }]),
    (results) => results.map(normalGroupResult),
  );
});

const cancel = storeCommand(
  {
    name: "cancel",
    args: fc.array(fc.record({ n: back, mode: pick("request", "terminate") }), { minLength: 1, maxLength: 3 }),
    needs: "tasks",
  },
  async (world, choices) => {
    const asks = choices.map(({ n, mode }): CancelAsk => ({ taskId: world.taskId(n), mode, reason: "r", by: "ann" }));
    await askBoth(
      world,
      ({ store }) => store.cancel(asks),
      (answers) => answers.map(normalAnswer),
    );
  },
);

const change = storeCommand(
  {
    name: "change",
    args: fc.record({
      n: back,
      type: pick("pause", "resume", "resume", "reschedule", "replace-input"),
      delayMs: pick(0, 10),
    }),
    needs: "tasks",
  },
  async (world, choice) => {
    const ask = changeAsk(world, choice);
    await askBoth(
      world,
      ({ store }) => store.change([ask]),
      (answers) => answers.map(normalAnswer),
    );
  },
);

function changeAsk(
  world: PropertyWorld,
  { n, type, delayMs }: { readonly n: number; readonly type: ChangeAsk["type"]; readonly delayMs: number },
): ChangeAsk {
  const taskId = world.taskId(n);
  switch (type) {
    case "pause":
      return { type, taskId, by: "ann", why: null };
    case "resume":
      return delayMs === 0 ? { type, taskId } : { type, taskId, payload: '"p"' };
    case "reschedule":
      return delayMs === 0
        ? { type, taskId, scheduledAt: null, delayMs }
        : { type, taskId, scheduledAt: world.clock.now() + delayMs, delayMs: 0, priority: 2 };
    case "replace-input":
      return { type, taskId, input: delayMs === 0 ? null : '"new"' };
  }
}

const retry = storeCommand(
  { name: "retry", args: fc.array(back, { minLength: 1, maxLength: 2 }), needs: "tasks" },
  async (world, numbers) => {
    const ids = numbers.map((n) => world.taskId(n));
    await askBoth(
      world,
      ({ store }) => store.retry(ids),
      (answers) => answers.map(normalAnswer),
    );
  },
);

const signal = storeCommand(
  { name: "signal", args: fc.record({ n: back, name: pick("s1", "s2"), id: fc.nat(15) }), needs: "tasks" },
  async (world, { n, name, id }) => {
    const ask = { taskId: world.taskId(n), signalId: `signal-${id}`, name, payload: id % 2 === 0 ? null : String(id) };
    await askBoth(
      world,
      ({ store }) => store.signal([ask]),
      (answers) => answers,
    );
  },
);

const remove = storeCommand(
  { name: "remove", args: fc.array(back, { minLength: 1, maxLength: 2 }), needs: "tasks" },
  async (world, numbers) => {
    const asks = numbers.map((n) => ({ taskId: world.taskId(n) }));
    await askBoth(
      world,
      ({ store }) => store.remove(asks),
      // Which of several tasks that need it is named is the store's choice.
      (answers) => answers.map(({ status }) => status),
    );
  },
);

const kindAsks: readonly KindAsk[] = [
  aKind({ kind: "a" }),
  aKind({ kind: "a", version: 2, limit: 2, inputSchema: "{}" }),
  aKind({ kind: "b", limit: 1, fairness: "key" }),
  aKind({ kind: "a", rate: { count: 4, perMs: 100 } }),
  { type: "pause", kind: "a", by: "ann", why: "w" },
  { type: "resume", kind: "a" },
  { type: "resume", kind: "a" },
  { type: "limit", kind: "b", limit: 2, by: "ann" },
  { type: "limit", kind: "b", limit: null, by: "bob" },
];

const setKind = storeCommand({ name: "setKind", args: fc.constantFrom(...kindAsks) }, async (world, ask) => {
  await askBoth(
    world,
    ({ store }) => store.setKind([ask]),
    () => null,
  );
});

/** What clients and operators do. */
export const clientCommands: readonly fc.Arbitrary<StoreCommand>[] = [
  enqueue,
  enqueue,
  enqueue,
  enqueue,
  enqueueAgain,
  cancel,
  change,
  retry,
  signal,
  signal,
  remove,
  setKind,
];
