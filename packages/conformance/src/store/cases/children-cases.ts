import type { EnqueueRequest, OnDependencyFailure, Settlement, TaskRecord } from "@millrace/models";
import { expect } from "vitest";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";

function spawn(
  children: readonly EnqueueRequest[],
  onFailure: OnDependencyFailure = "continue",
  timeoutMs: number | null = null,
): Settlement {
  return { type: "suspend", wait: { reason: "children", children, onFailure, timeoutMs }, state: '{"n":1}' };
}

const childrenOf = (bench: StoreBench, parent: TaskRecord, count: number): readonly EnqueueRequest[] =>
  Array.from({ length: count }, () => bench.request({ kind: "child", parentId: parent.id, rootId: parent.rootId }));

const claimChildren = async (bench: StoreBench): Promise<readonly TaskRecord[]> =>
  (await bench.claim({ kinds: [{ kind: "child", slots: 100 }] })).map(({ task }) => task);

/** Parents that wait for children: stages, state and results. */
export const childrenCases: StoreCases = (add) => {
  add("M10, F30, Q11: a suspension and its children are one step", async (bench) => {
    const parent = await bench.running();
    const children = childrenOf(bench, parent, 3);
    expect(await bench.settle(parent, spawn(children))).toEqual({ status: "held", version: 4, next: "suspended" });
    expect(await bench.record(parent.id)).toMatchObject({
      status: "suspended",
      reason: "children",
      openDependencies: 3,
      stage: 0,
      state: '{"n":1}',
      hostId: null,
      leaseToken: null,
    });
    const records = await bench.store.get(children.map(({ id }) => id));
    expect(records.map((record) => [record?.status, record?.parentId, record?.rootId])).toEqual(
      children.map(() => ["queued", parent.id, parent.id]),
    );
  });

  add(
    "F29, F31, F33: the parent goes on at the next stage once all children are final, with their results",
    async (bench) => {
      const parent = await bench.running();
      const requests = childrenOf(bench, parent, 3);
      await bench.settle(parent, spawn(requests));
      const [a, b, c] = await claimChildren(bench);
      if (!a || !b || !c) throw new Error("three children were to be claimed");
      await bench.succeed(c, "3");
      await bench.fail(a);
      expect(await bench.record(parent.id)).toMatchObject({ status: "suspended", openDependencies: 1 });
      bench.clock.advance(50);
      await bench.succeed(b, "2");
      expect(await bench.record(parent.id)).toMatchObject({
        status: "queued",
        reason: null,
        stage: 1,
        wakeReason: "children",
        state: '{"n":1}',
        scheduledAt: bench.clock.now(),
        openDependencies: 0,
      });
      const [claimed] = await bench.claim({ kinds: [{ kind: parent.kind, slots: 1 }] });
      expect(claimed?.task).toMatchObject({ id: parent.id, stage: 1, attempt: 2, failures: 0 });
      expect(claimed?.results.map(({ taskId, status, output }) => [taskId, status, output])).toEqual([
        [requests[0]?.id, "failed", null],
        [requests[1]?.id, "succeeded", "2"],
        [requests[2]?.id, "succeeded", "3"],
      ]);
    },
  );

  add("M10: no children to wait for goes on at once: two events", async (bench) => {
    const parent = await bench.running();
    expect(await bench.settle(parent, spawn([]))).toMatchObject({ status: "held", version: 5, next: "queued" });
    expect(await bench.record(parent.id)).toMatchObject({ status: "queued", stage: 1, wakeReason: "children" });
    expect((await bench.told(parent.id)).slice(-2)).toEqual(["suspended", "resumed"]);
  });

  for (const onFailure of ["abort", "fail"] as const) {
    add(
      `M10: a child that had failed already acts at once (${onFailure}), and the answer knows the version`,
      async (bench) => {
        const key = { kind: "child", dedupeKey: "d" };
        const failed = await bench.running({ ...key, dedupeForMs: 10_000 });
        await bench.fail(failed);
        const parent = await bench.running();
        const answer = await bench.settle(parent, spawn([bench.request(key)], onFailure));
        const { status, version } = await bench.record(parent.id);
        expect(status).toBe(onFailure === "abort" ? "queued" : "failed");
        expect(answer).toMatchObject({ status: "held", version, next: "suspended" });
      },
    );
  }

  add("F34: stages follow each other, each with its own children", async (bench) => {
    let parent = await bench.running();
    for (const stage of [1, 2, 3]) {
      const requests = childrenOf(bench, parent, 2);
      await bench.settle(parent, spawn(requests));
      for (const child of await claimChildren(bench)) await bench.succeed(child, String(stage));
      const [claimed] = await bench.claim({ kinds: [{ kind: parent.kind, slots: 1 }] });
      expect(claimed?.task.stage).toBe(stage);
      expect(claimed?.results.map(({ taskId, output }) => [taskId, output])).toEqual(
        requests.map(({ id }) => [id, String(stage)]),
      );
      if (claimed) parent = claimed.task;
    }
  });

  add("F34: nested parents wait for parents", async (bench) => {
    const top = await bench.running();
    await bench.settle(top, spawn(childrenOf(bench, top, 1)));
    const [middle] = await claimChildren(bench);
    if (!middle) throw new Error("a child was to be claimed");
    await bench.settle(middle, spawn(childrenOf(bench, middle, 2)));
    for (const leaf of await claimChildren(bench)) await bench.succeed(leaf);
    expect(await bench.record(top.id)).toMatchObject({ status: "suspended" });
    for (const again of await claimChildren(bench)) {
      expect(again).toMatchObject({ id: middle.id, stage: 1 });
      await bench.succeed(again);
    }
    expect(await bench.record(top.id)).toMatchObject({ status: "queued", stage: 1 });
  });

  add("F31: policy fail: a failed child fails the parent", async (bench) => {
    const parent = await bench.running();
    await bench.settle(parent, spawn(childrenOf(bench, parent, 2), "fail"));
    const [child] = await claimChildren(bench);
    if (child) await bench.fail(child);
    expect(await bench.record(parent.id)).toMatchObject({ status: "failed", reason: "TASK_DEPENDENCY_FAILED" });
  });

  add("Q41: policy abort: the first failed child resumes the parent and the others are cancelled", async (bench) => {
    const parent = await bench.running();
    await bench.settle(parent, spawn(childrenOf(bench, parent, 3), "abort"));
    const [child, sibling] = await claimChildren(bench);
    if (!child || !sibling) throw new Error("children were to be claimed");
    await bench.fail(child);
    expect(await bench.record(parent.id)).toMatchObject({ status: "queued", stage: 1, waitAborted: true });
    await bench.store.expire(100);
    expect((await bench.record(sibling.id)).cancelRequestedAt).not.toBeNull();
  });

  add("Q42: a deadline resumes the parent with what there is; late children change nothing", async (bench) => {
    const parent = await bench.running();
    await bench.settle(parent, spawn(childrenOf(bench, parent, 2), "continue", 1_000));
    const [first, second] = await claimChildren(bench);
    if (!first || !second) throw new Error("two children were to be claimed");
    await bench.succeed(first, "1");
    bench.clock.advance(1_000);
    expect(await bench.store.expire(10)).toMatchObject([{ id: parent.id, stage: 1, wakeReason: "timeout" }]);
    const resumed = await bench.record(parent.id);
    await bench.succeed(second, "2");
    expect(await bench.record(parent.id)).toEqual(resumed);
  });

  add(
    "F31: a parent sees an open child as it stood when the parent was claimed, also within one claim",
    async (bench) => {
      const parent = await bench.running();
      const [before, behind] = childrenOf(bench, parent, 2);
      if (!before || !behind) throw new Error("two children were to be made");
      const children = [
        { ...before, priority: parent.priority + 1 },
        { ...behind, priority: parent.priority - 1 },
      ];
      await bench.settle(parent, spawn(children, "continue", 50));
      bench.clock.advance(50);
      await bench.store.expire(10);
      const kinds = [parent.kind, "child"].map((kind) => ({ kind, slots: 10 }));
      const claimed = await bench.claim({ kinds });
      expect(claimed.map(({ task }) => task.id)).toEqual([before.id, parent.id, behind.id]);
      expect(claimed[1]?.results.map(({ taskId, status }) => [taskId, status])).toEqual([
        [before.id, "claimed"],
        [behind.id, "queued"],
      ]);
    },
  );

  add("F15: a parent retried by hand starts at stage 0, and old children never resume a later stage", async (bench) => {
    const parent = await bench.running();
    await bench.settle(parent, spawn(childrenOf(bench, parent, 2), "fail"));
    const [child, old] = await claimChildren(bench);
    if (!child || !old) throw new Error("two children were to be claimed");
    await bench.fail(child);
    expect(await bench.store.retry([parent.id])).toMatchObject([
      { status: "retried", task: { status: "queued", stage: 0, state: null, wakeReason: null, waitAborted: false } },
    ]);
    const again = await bench.runAgain(parent);
    const fresh = childrenOf(bench, parent, 1);
    await bench.settle(again, spawn(fresh));
    await bench.succeed(old);
    expect(await bench.record(parent.id)).toMatchObject({ status: "suspended", openDependencies: 1, stage: 0 });
    for (const task of await claimChildren(bench)) await bench.succeed(task, "1");
    const [claimed] = await bench.claim({ kinds: [{ kind: parent.kind, slots: 1 }] });
    expect(claimed?.task.stage).toBe(1);
    expect(claimed?.results.map(({ taskId }) => taskId)).toEqual(fresh.map(({ id }) => id));
  });

  add("a state left undefined keeps the one before, null clears it", async (bench) => {
    const parent = await bench.running();
    await bench.settle(parent, spawn([]));
    const second = await bench.runAgain(parent);
    const wait = { reason: "sleep", forMs: 0 } as const;
    await bench.settle(second, { type: "suspend", wait, state: undefined });
    expect((await bench.record(parent.id)).state).toBe('{"n":1}');
  });

  add("a failure after a stage keeps the stage, its state and its results", async (bench) => {
    const parent = await bench.running();
    const requests = childrenOf(bench, parent, 1);
    await bench.settle(parent, spawn(requests));
    for (const child of await claimChildren(bench)) await bench.succeed(child, "1");
    const second = await bench.runAgain(parent);
    const failed = { type: "fail", reason: "TASK_FAILED", failure: "{}", fingerprint: null } as const;
    await bench.settle(second, { ...failed, permanent: false, maxAttempts: 5, delayMs: 0 });
    const [claimed] = await bench.claim({ kinds: [{ kind: parent.kind, slots: 1 }] });
    expect(claimed?.task).toMatchObject({ stage: 1, state: '{"n":1}', wakeReason: "children", failures: 1 });
    expect(claimed?.results.map(({ taskId }) => taskId)).toEqual(requests.map(({ id }) => id));
  });

  add("a child with `retainForMs: 0` stays until its parent has read it", async (bench) => {
    const parent = await bench.running();
    await bench.settle(parent, spawn(childrenOf(bench, parent, 1).map((child) => ({ ...child, retainForMs: 0 }))));
    for (const child of await claimChildren(bench)) await bench.succeed(child, "1");
    const [claimed] = await bench.claim({ kinds: [{ kind: parent.kind, slots: 1 }] });
    expect(claimed?.results).toMatchObject([{ status: "succeeded", output: "1" }]);
  });

  add("a cancelled parent leaves its children be", async (bench) => {
    const parent = await bench.running();
    const requests = childrenOf(bench, parent, 2);
    await bench.settle(parent, spawn(requests));
    expect(await bench.cancel(parent.id)).toMatchObject({ status: "cancelled", openDependencies: 0 });
    for (const child of await claimChildren(bench)) expect((await bench.succeed(child)).status).toBe("held");
    expect(await bench.record(parent.id)).toMatchObject({ status: "cancelled" });
  });
};
