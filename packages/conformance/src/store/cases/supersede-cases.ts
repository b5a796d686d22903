import { expect } from "vitest";
import { leaseOf } from "../../builders/lease.ts";
import type { StoreCases } from "../store-cases.ts";

const newer = { supersedeKey: "s", supersedeExisting: true };

/** Supersede keys. */
export const supersedeCases: StoreCases = (add) => {
  add("R10: a new task cancels every older open one of its kind and key", async ({ enqueue, stored, record }) => {
    const older = [await enqueue({ supersedeKey: "s" }), await enqueue({ supersedeKey: "s", delayMs: 1_000 })];
    const [result] = await stored(newer);
    expect(result).toMatchObject({ disposition: "superseded", task: { status: "queued" } });
    expect(result?.supersededTaskIds.toSorted()).toEqual(older.map(({ id }) => id));
    for (const { id } of older) {
      expect(await record(id)).toMatchObject({ status: "cancelled", reason: "TASK_SUPERSEDED" });
    }
  });

  add("R10: without an older one it is plainly created", async ({ stored }) => {
    expect((await stored(newer))[0]).toMatchObject({ disposition: "created", supersededTaskIds: [] });
  });

  add(
    "R10: a running one is terminated and can never report success",
    async ({ running, stored, succeed, record, told }) => {
      const old = await running({ ...newer, kind: "work" });
      const [result] = await stored(newer);
      expect(result?.supersededTaskIds).toEqual([old.id]);
      expect(await succeed(old, "1")).toEqual({ status: "lost", why: "wrong-status" });
      expect(await record(old.id)).toMatchObject({ status: "cancelled", reason: "TASK_SUPERSEDED", output: null });
      expect(await told(old.id)).toEqual(["enqueued", "claimed", "started", "cancelled"]);
    },
  );

  add("R10: needs both the key and `supersedeExisting`", async ({ enqueue, stored, record }) => {
    const old = await enqueue({ supersedeKey: "s" });
    const results = await stored({ supersedeKey: "s" }, { supersedeExisting: true });
    expect(results.map(({ disposition }) => disposition)).toEqual(["created", "created"]);
    expect(await record(old.id)).toEqual(old);
  });

  add("R10: other kinds, keys, tenants and final tasks stay", async ({ enqueue, running, succeed, stored, store }) => {
    const done = await running({ ...newer, kind: "work" });
    await succeed(done);
    const kept = [
      await enqueue({ supersedeKey: "s", kind: "other" }),
      await enqueue({ supersedeKey: "t" }),
      await enqueue({ supersedeKey: "s", tenantId: "acme" }),
    ];
    expect((await stored(newer))[0]?.supersededTaskIds).toEqual([]);
    expect(await store.get(kept.map(({ id }) => id))).toEqual(kept);
  });

  add("R10: in one call each supersedes the one before it, and a refused group none", async (bench) => {
    const { store, request, newId } = bench;
    const old = await bench.enqueue({ supersedeKey: "s" });
    const refused = {
      tasks: [request(newer), request({ dependencies: [{ taskId: newId(), onFailure: "continue" }] })],
    };
    const results = await store.enqueue([refused, { tasks: [request(newer)] }, { tasks: [request(newer)] }]);
    expect(results[0]?.status).toBe("refused");
    const made = results.flatMap((result) => (result.status === "stored" ? result.results : []));
    expect(made.map(({ supersededTaskIds }) => supersededTaskIds)).toEqual([[old.id], [made[0]?.task.id]]);
  });

  add("R9, R10: a reused result supersedes nothing", async ({ enqueue, stored, record }) => {
    const holder = await enqueue({ dedupeKey: "d" });
    const old = await enqueue({ supersedeKey: "s" });
    const [result] = await stored({ ...newer, dedupeKey: "d" });
    expect(result).toMatchObject({ disposition: "reused", task: { id: holder.id }, supersededTaskIds: [] });
    expect(await record(old.id)).toEqual(old);
  });

  add("R10: a superseded task's waiters learn of its end", async ({ enqueue, stored, record }) => {
    const old = await enqueue({ supersedeKey: "s" });
    const waiter = await enqueue({ dependencies: [{ taskId: old.id, onFailure: "continue" }] });
    await stored(newer);
    expect(await record(waiter.id)).toMatchObject({ status: "queued", wakeReason: "dependencies" });
  });

  add("R10, R18: an extend or report of the superseded attempt is lost", async ({ running, stored, store }) => {
    const old = await running({ ...newer, kind: "work" });
    await stored(newer);
    const lost = [{ status: "lost", why: "wrong-status" }];
    expect(await store.extend([leaseOf(old)], 1_000)).toEqual(lost);
    expect(await store.report([{ ...leaseOf(old), alive: true }])).toEqual(lost);
  });
};
