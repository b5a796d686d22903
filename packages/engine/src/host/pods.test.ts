import { defineTask, type TaskContext, type TaskStore } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { createBench, gate, untilAborted } from "../testing/host-bench.ts";

const longLease = { leaseMs: 600_000, heartbeatMs: 10_000 } as const;
/** The name of its host while it runs; the first run of a task never ends by itself. */
const endless = (aborted: unknown[]) =>
  defineTask({
    kind: "endless",
    async run(_input: unknown, { task, signal }: TaskContext) {
      if (task.attempt > 1) return "done";
      signal.addEventListener("abort", () => aborted.push(signal.reason));
      return untilAborted(signal);
    },
  });

describe("a host that lives as a pod", () => {
  it("F51: is listed with its pod and the version of its program", async () => {
    await using bench = createBench();
    const host = await bench.started({ podId: "mail-0", version: "2.4.0" });
    expect(await host.listHosts()).toMatchObject([{ hostId: host.id, podId: "mail-0", version: "2.4.0" }]);
    await bench.pass(60_000);
    expect(await host.listHosts()).toMatchObject([{ podId: "mail-0", version: "2.4.0", supersededAt: null }]);
  });

  it("F52, I6: begins with what its predecessor held, long before those leases end", async () => {
    await using bench = createBench();
    const aborted: unknown[] = [];
    const task = endless(aborted);
    const old = await bench.started({ podId: "mail-0", tasks: [task], ...longLease });
    const { task: made } = await old.enqueue(task, undefined);
    await bench.until(async () => (await bench.task(made.id)).status === "running");
    const begun = bench.clock.now();
    const successor = await bench.started({ podId: "mail-0", tasks: [task], ...longLease });
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    expect(bench.clock.now() - begun).toBeLessThan(2_000);
    expect(await bench.task(made.id)).toMatchObject({ attempt: 2, interruptions: 1, lastHostId: successor.id });
    await bench.pass(10_000);
    expect(aborted).toEqual(["lease-lost"]);
  });

  it("F54: once replaced takes no more, says so once, and goes on when the other is gone", async () => {
    await using bench = createBench();
    const ran: string[] = [];
    const quickOf = (name: string) => defineTask({ kind: "quick", run: () => void ran.push(name) });
    const old = await bench.started({ podId: "mail-0", tasks: [quickOf("old")] });
    const successor = await bench.started({ podId: "mail-0", tasks: [quickOf("new")], concurrency: 1 });
    await bench.pass(20_000);
    for (let n = 0; n < 20; n += 1) await old.enqueue("quick");
    await bench.until(() => ran.length === 20);
    expect(new Set(ran)).toEqual(new Set(["new"]));
    expect(bench.lines.filter(({ message }) => message.includes('lives as "mail-0" now'))).toHaveLength(1);
    const stopped = successor.stop();
    await bench.pass(15_000);
    await stopped;
    await old.enqueue("quick");
    await bench.until(() => ran.length === 21);
    expect(ran.at(-1)).toBe("old");
  });

  it("F54: once replaced still ends what it holds and nobody took", async () => {
    await using bench = createBench();
    const go = gate();
    const held = defineTask({ kind: "held", run: () => go.opened });
    const old = await bench.started({ podId: "mail-0", tasks: [held] });
    const { task } = await old.enqueue(held, undefined);
    await bench.until(async () => (await bench.task(task.id)).status === "running");
    await bench.started({ podId: "mail-0", recoverOnStart: false });
    await bench.pass(120_000);
    expect(await bench.task(task.id)).toMatchObject({ status: "running", attempt: 1 });
    go.open();
    await bench.until(async () => (await bench.task(task.id)).status === "succeeded");
    expect(await bench.task(task.id)).toMatchObject({ attempt: 1, interruptions: 0 });
  });

  it("F56: with `recoverOnStart: false` leaves its predecessor's tasks until their leases end", async () => {
    const frozen = { dead: false };
    await using bench = createBench((store) => deadWhen(store, frozen));
    const task = endless([]);
    const old = await bench.started({ podId: "mail-0", tasks: [task] });
    const { task: made } = await old.enqueue(task, undefined);
    await bench.until(async () => (await bench.task(made.id)).status === "running");
    frozen.dead = true;
    await bench.started({ podId: "mail-0", tasks: [task], recoverOnStart: false });
    await bench.pass(15_000);
    expect(await bench.task(made.id)).toMatchObject({ status: "running", attempt: 1 });
    await bench.until(async () => (await bench.task(made.id)).status === "succeeded");
    expect((await bench.task(made.id)).attempt).toBe(2);
  });

  it("F52: does not start when it could not say that it begins: it would take its own tasks for its predecessor's", async () => {
    await using bench = createBench((store) => ({
      ...store,
      facet: (name) => (name === "hosts" ? (brokenHosts as never) : store.facet(name)),
    }));
    const brokenHosts = { beat: () => Promise.reject(new Error("no connection")) };
    await expect(bench.host({ podId: "mail-0" }).start()).rejects.toThrow("no connection");
    await bench.started({});
  });

  it.each([
    ["podId", { podId: "" }],
    ["recoverOnStart", { recoverOnStart: "no" as unknown as boolean }],
    ["runner.podId", { runner: { podId: 7 as unknown as string } }],
  ])("refuses a wrong %s by its path", (path, options) => {
    const bench = createBench();
    expect(() => bench.host(options)).toThrow(
      expect.objectContaining({ code: "OPTION_INVALID", details: expect.objectContaining({ path }) as object }),
    );
  });
});

/** A store that renews nothing once a host is dead. */
function deadWhen(store: TaskStore, frozen: { readonly dead: boolean }): TaskStore {
  return {
    ...store,
    extend: (leases, leaseMs) =>
      frozen.dead ? Promise.reject(new Error("no connection")) : store.extend(leases, leaseMs),
  };
}

describe("a kind that nobody serves", () => {
  it("T14: is logged by one host of all within a minute, once, and anew when it has come back", async () => {
    await using bench = createBench();
    const known = defineTask({ kind: "known", run: () => 1 });
    const host = await bench.started({ tasks: [known], allowUnknownKinds: true });
    await bench.started({ tasks: [known] });
    const lines = (): number => bench.lines.filter(({ message }) => message.includes('"forgotten"')).length;
    await host.enqueue("forgotten");
    await bench.pass(60_000);
    expect(lines()).toBe(1);
    expect(await host.listUnservedKinds()).toMatchObject([{ kind: "forgotten", queued: 1 }]);
    await bench.pass(700_000);
    expect(lines()).toBe(1);
    host.registerHandler(defineTask({ kind: "forgotten", run: () => 2 }));
    await bench.pass(60_000);
    expect(await host.listUnservedKinds()).toEqual([]);
    host.unregisterHandler("forgotten");
    await bench.pass(15_000);
    await host.enqueue("forgotten");
    await bench.pass(60_000);
    expect(lines()).toBe(2);
  });
});
