import { isTaskEvent, type ManualClock, type Random, type TaskId, type TaskRecord } from "@millrace/models";
import { aRequest } from "../builders/enqueue-request.ts";
import { leaseOf } from "../builders/lease.ts";
import { readHistory } from "../invariants/read-history.ts";
import { claimAll } from "./claim-all.ts";
import { present } from "./present.ts";
import type { StoreBench } from "./store-bench.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Makes the bench of one case. */
export function createStoreBench(
  under: StoreUnderTest,
  clock: ManualClock,
  random: Random,
): StoreBench & { readonly lastCheck: { isSkipped: boolean } } {
  let store = under.store;
  let ids = 0;
  let kinds = 0;
  const newId = (): TaskId => {
    ids += 1;
    const time = clock.now().toString(16).padStart(12, "0");
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${ids.toString(16).padStart(12, "0")}`;
  };
  const lastCheck = { isSkipped: false };
  const bench: StoreBench & { readonly lastCheck: { isSkipped: boolean } } = {
    lastCheck,
    get store() {
      return store;
    },
    clock,
    random,
    canReopen: under.reopen !== undefined,
    newId,
    request: (change = {}) => aRequest({ id: newId(), ...change }),
    async group(...changes) {
      const tasks = changes.map((change) => bench.request(change));
      const [result] = await store.enqueue([{ tasks }]);
      return present(result, "the answer to a group");
    },
    async stored(...changes) {
      const result = await bench.group(...changes);
      if (result.status === "stored") return result.results;
      throw new Error(`The group was refused: ${result.code} ${result.message}`);
    },
    async enqueue(change) {
      const [result] = await bench.stored(change ?? {});
      return present(result, "the answer to a request").task;
    },
    async enqueueMany(count, change = {}) {
      const groups = Array.from({ length: count }, () => ({ tasks: [bench.request(change)] }));
      const results = await store.enqueue(groups);
      return results.map((result) => {
        if (result.status !== "stored") throw new Error(`Refused: ${result.code} ${result.message}`);
        return present(result.results[0], "the answer to a request").task;
      });
    },
    claim: (change) => claimAll(store, change ?? {}),
    async claimIds(change) {
      return (await bench.claim(change)).map(({ task }) => task.id);
    },
    async claimed(change = {}, claim = {}) {
      kinds += 1;
      const kind = change.kind ?? `kind-${kinds}`;
      const { id } = await bench.enqueue({ ...change, kind });
      const tasks = await bench.claim({ kinds: [{ kind, slots: 1_000 }], ...claim });
      return present(tasks.find(({ task }) => task.id === id)?.task, `a claim of task ${id}`);
    },
    async running(change, claim) {
      const task = await bench.claimed(change, claim);
      return start(bench, task);
    },
    async runAgain({ id, kind }) {
      const tasks = await bench.claim({ kinds: [{ kind, slots: 1_000 }] });
      return start(bench, present(tasks.find(({ task }) => task.id === id)?.task, `a claim of task ${id}`));
    },
    async settle(task, settlement, started = true) {
      const [answer] = await store.settle([{ ...leaseOf(task), started, settlement }]);
      return present(answer, "the answer to a settlement");
    },
    succeed: (task, output) => bench.settle(task, { type: "succeed", output: output ?? null }),
    fail: (task) =>
      bench.settle(task, {
        type: "fail",
        reason: "TASK_FAILED",
        failure: JSON.stringify({ name: "Error", message: "it broke" }),
        fingerprint: "Error",
        permanent: true,
        maxAttempts: null,
        delayMs: 0,
      }),
    extendAll: (tasks, leaseMs) => store.extend(tasks.map(leaseOf), leaseMs ?? 30_000),
    async cancel(taskId, mode = "request") {
      const [answer] = await store.cancel([{ taskId, mode, reason: null, by: null }]);
      if (!answer || answer.status === "not-found") throw new Error(`There is no task ${taskId} to cancel.`);
      return answer.task;
    },
    async record(taskId) {
      const [record] = await store.get([taskId]);
      return present(record, `a record of task ${taskId}`);
    },
    async journal() {
      return (await readHistory(store)).events;
    },
    async eventsOf(taskId) {
      const events = await bench.journal();
      return events.filter((event) => isTaskEvent(event)).filter((event) => event.taskId === taskId);
    },
    async told(taskId) {
      return (await bench.eventsOf(taskId)).map((event) => event.type);
    },
    async reopen() {
      if (!under.reopen) throw new Error("This store cannot be reopened.");
      store = await under.reopen();
    },
    skipLastCheck() {
      lastCheck.isSkipped = true;
    },
  };
  return bench;
}

async function start(bench: StoreBench, task: TaskRecord): Promise<TaskRecord> {
  await bench.store.report([{ ...leaseOf(task), started: true }]);
  return bench.record(task.id);
}
