import type { EnqueueRequest, Settlement } from "@millrace/models";
import { expect } from "vitest";
import { present } from "../present.ts";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";

function spawn(children: readonly EnqueueRequest[], timeoutMs: number | null = null): Settlement {
  return { type: "suspend", wait: { reason: "children", children, onFailure: "continue", timeoutMs }, state: null };
}

const claimOne = async (bench: StoreBench, kind: string) =>
  present((await bench.claim({ kinds: [{ kind, slots: 1 }] }))[0], `a task of kind ${kind}`).task;

/** Waits that meet other features: later stages, refused children, retries by hand, supersede. */
export const waitCornerCases: StoreCases = (add) => {
  add("F15, Q42: a late child of an earlier stage is not counted in the wait of a later one", async (bench) => {
    const parent = await bench.running();
    await bench.settle(parent, spawn([bench.request({ kind: "late" })], 1_000));
    bench.clock.advance(1_000);
    await bench.store.expire(10);
    const again = await bench.runAgain(parent);
    await bench.settle(again, spawn([bench.request({ kind: "a" }), bench.request({ kind: "b" })]));
    await bench.succeed(await claimOne(bench, "late"));
    expect(await bench.record(parent.id)).toMatchObject({ status: "suspended", openDependencies: 2 });
    await bench.succeed(await claimOne(bench, "a"));
    await bench.succeed(await claimOne(bench, "b"));
    expect(await bench.record(parent.id)).toMatchObject({ status: "queued", stage: 2 });
  });

  add("M10: children that are refused fail their parent for good, and none of them is stored", async (bench) => {
    const parent = await bench.running();
    const fine = bench.request();
    const unknown = bench.request({ kind: "nobody-knows", mustKnowKind: true });
    expect(await bench.settle(parent, spawn([fine, unknown]))).toMatchObject({ status: "held", next: "failed" });
    const record = await bench.record(parent.id);
    expect(record).toMatchObject({ status: "failed", reason: "TASK_FAILED", failureFingerprint: "KIND_UNKNOWN" });
    expect(await bench.store.get([fine.id, unknown.id])).toEqual([null, null]);
  });

  add("M10: a child that is its own parent, by a dedupe key, is a circle and fails it", async (bench) => {
    const parent = await bench.running({ dedupeKey: "me" });
    const child = bench.request({ kind: parent.kind, dedupeKey: "me" });
    expect(await bench.settle(parent, spawn([child]))).toMatchObject({ status: "held", next: "failed" });
    expect((await bench.record(parent.id)).failureFingerprint).toBe("DEPENDENCY_CYCLE");
  });

  add("M16: a dependency retried by hand is waited for again", async (bench) => {
    const [failed, other] = [await bench.claimed({ kind: "first" }), await bench.enqueue({ kind: "second" })];
    const dependencies = [failed, other].map(({ id }) => ({ taskId: id, onFailure: "continue" as const }));
    const join = await bench.enqueue({ kind: "join", dependencies });
    await bench.fail(failed);
    expect(await bench.record(join.id)).toMatchObject({ status: "blocked", openDependencies: 1 });
    expect(await bench.store.retry([failed.id])).toMatchObject([{ status: "retried" }]);
    expect(await bench.record(join.id)).toMatchObject({ status: "blocked", openDependencies: 2 });
    await bench.succeed(await claimOne(bench, "second"));
    expect(await bench.record(join.id)).toMatchObject({ status: "blocked" });
    await bench.succeed(await claimOne(bench, "first"));
    expect(await bench.record(join.id)).toMatchObject({ status: "queued", wakeReason: "dependencies" });
  });

  add("M16, M19: the task that failed its waiter may be retried, then the waiter", async (bench) => {
    const step = await bench.claimed({ kind: "step" });
    const join = await bench.enqueue({ kind: "join", dependencies: [{ taskId: step.id, onFailure: "fail" }] });
    await bench.fail(step);
    expect(await bench.record(join.id)).toMatchObject({ status: "failed", reason: "TASK_DEPENDENCY_FAILED" });
    expect(await bench.store.retry([step.id, join.id])).toMatchObject([{ status: "retried" }, { status: "retried" }]);
  });

  add("a group may wait for a task that it supersedes itself: it counts once", async (bench) => {
    const supersede = { kind: "s", supersedeKey: "s", supersedeExisting: true };
    const [old, other] = [await bench.enqueue(supersede), await bench.enqueue({ kind: "other" })];
    const dependencies = [old, other].map(({ id }) => ({ taskId: id, onFailure: "continue" as const }));
    const [, join] = await bench.stored(supersede, { kind: "join", dependencies });
    expect(await bench.record(old.id)).toMatchObject({ status: "cancelled", reason: "TASK_SUPERSEDED" });
    expect(await bench.record(present(join, "the join").task.id)).toMatchObject({
      status: "blocked",
      openDependencies: 1,
    });
  });
};
