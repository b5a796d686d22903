import type { Settlement, SuspendWait } from "@millrace/models";
import { expect } from "vitest";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";

const waitFor = (name: string, timeoutMs: number | null = null): Settlement =>
  suspend({ reason: "signal", name, timeoutMs });
const suspend = (wait: SuspendWait): Settlement => ({ type: "suspend", wait, state: null });

/** Sends `name` or `name=payload`. */
async function send(bench: StoreBench, taskId: string, signal: string): Promise<string> {
  const [name = "", payload = null] = signal.split("=");
  const [answer] = await bench.store.signal([{ taskId, signalId: bench.random.uuid(), name, payload }]);
  return answer?.status ?? "no answer";
}

/** Signals, sleep, manual waits and their deadlines. */
export const signalCases: StoreCases = (add) => {
  add("M11: a signal wakes the task that waits for it, with its payload, at the next stage", async (bench) => {
    const task = await bench.running();
    expect(await bench.settle(task, waitFor("go"))).toMatchObject({ next: "suspended" });
    expect(await bench.record(task.id)).toMatchObject({ reason: "signal", waitSignal: "go", wakeAt: null });
    bench.clock.advance(5);
    expect(await send(bench, task.id, 'go={"ok":true}')).toBe("woke");
    expect(await bench.record(task.id)).toMatchObject({
      status: "queued",
      stage: 1,
      wakeReason: "signal",
      wakePayload: '{"ok":true}',
      waitSignal: null,
      scheduledAt: bench.clock.now(),
    });
  });

  add("a signal tells that it came", async (bench) => {
    const task = await bench.running();
    await send(bench, task.id, "go");
    const last = (await bench.eventsOf(task.id)).at(-1);
    expect(last).toMatchObject({ type: "signalled", data: "go", statusBefore: "running", statusAfter: "running" });
  });

  add("a signal sent before the wait is kept, and the wait is over at once", async (bench) => {
    const task = await bench.running();
    expect(await send(bench, task.id, "go=1")).toBe("kept");
    expect(await bench.settle(task, waitFor("go"))).toMatchObject({ next: "queued" });
    expect(await bench.record(task.id)).toMatchObject({ status: "queued", stage: 1, wakePayload: "1" });
    expect((await bench.told(task.id)).slice(-2)).toEqual(["suspended", "resumed"]);
  });

  add("signals are taken in the order they came, one a wait", async (bench) => {
    let task = await bench.running();
    for (const payload of ["1", "2", "3"]) await send(bench, task.id, `go=${payload}`);
    for (const payload of ["1", "2", "3"]) {
      await bench.settle(task, waitFor("go"));
      task = await bench.runAgain(task);
      expect(task.wakePayload).toBe(payload);
    }
    expect(await bench.settle(task, waitFor("go"))).toMatchObject({ next: "suspended" });
  });

  add("a signal of another name is kept and wakes nobody", async (bench) => {
    const task = await bench.running();
    await bench.settle(task, waitFor("go"));
    expect(await send(bench, task.id, "stop")).toBe("kept");
    expect(await bench.record(task.id)).toMatchObject({ status: "suspended" });
  });

  add("Q74: a repeated signal id is ignored, before and after it was taken", async (bench) => {
    const task = await bench.running();
    const ask = { taskId: task.id, signalId: bench.random.uuid(), name: "go", payload: null };
    const answers = await bench.store.signal([ask, ask]);
    expect(answers).toEqual([{ status: "kept" }, { status: "repeated" }]);
    await bench.settle(task, waitFor("go"));
    expect(await bench.store.signal([ask])).toEqual([{ status: "repeated" }]);
    const again = await bench.runAgain(task);
    expect(await bench.settle(again, waitFor("go"))).toMatchObject({ next: "suspended" });
  });

  add("100 signals of a name are kept, the next is refused; other names are not", async (bench) => {
    const task = await bench.running();
    for (let n = 0; n < 100; n += 1) expect(await send(bench, task.id, "go")).toBe("kept");
    expect(await send(bench, task.id, "go")).toBe("full");
    expect(await send(bench, task.id, "stop")).toBe("kept");
  });

  add("signals are kept over attempts", async (bench) => {
    const task = await bench.running();
    await send(bench, task.id, "go=7");
    await bench.settle(task, { type: "release" });
    const again = await bench.runAgain(task);
    await bench.settle(again, waitFor("go"));
    expect(await bench.record(task.id)).toMatchObject({ status: "queued", wakePayload: "7" });
  });

  add("a final task answers closed, an unknown one not-found", async (bench) => {
    const task = await bench.running();
    await bench.succeed(task);
    expect(await send(bench, task.id, "go")).toBe("closed");
    expect(await send(bench, bench.newId(), "go")).toBe("not-found");
    expect((await bench.told(task.id)).at(-1)).toBe("succeeded");
  });

  add("signals reach queued and paused tasks too", async (bench) => {
    const task = await bench.enqueue();
    expect(await send(bench, task.id, "go")).toBe("kept");
    const waiting = await bench.running();
    await bench.settle(waiting, waitFor("go"));
    await bench.store.change([{ type: "pause", taskId: waiting.id, by: null, why: null }]);
    expect(await send(bench, waiting.id, "go=1")).toBe("woke");
    expect(await bench.record(waiting.id)).toMatchObject({ status: "paused", pausedFrom: "queued", stage: 1 });
  });

  add("a deadline ends the wait for a signal; first wins", async (bench) => {
    const task = await bench.running();
    await bench.settle(task, waitFor("go", 1_000));
    bench.clock.advance(1_000);
    expect(await bench.store.expire(10)).toMatchObject([
      { id: task.id, wakeReason: "timeout", wakePayload: null, stage: 1 },
    ]);
    expect(await send(bench, task.id, "go=late")).toBe("kept");
    expect(await bench.record(task.id)).toMatchObject({ stage: 1, wakeReason: "timeout" });
  });

  add("a signal before the deadline leaves nothing for the sweep", async (bench) => {
    const task = await bench.running();
    await bench.settle(task, waitFor("go", 1_000));
    await send(bench, task.id, "go=1");
    bench.clock.advance(5_000);
    expect(await bench.store.expire(10)).toEqual([]);
    expect(await bench.record(task.id)).toMatchObject({ wakeReason: "signal", stage: 1 });
  });

  add("20 parallel signals are each kept or wake once", async (bench) => {
    const task = await bench.running();
    await bench.settle(task, waitFor("go"));
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(bench, task.id, "go")));
    expect(answers.filter((answer) => answer === "woke")).toHaveLength(1);
    expect(answers.filter((answer) => answer === "kept")).toHaveLength(19);
  });

  add("F27: a sleep ends at its time, at the next stage", async (bench) => {
    const task = await bench.running({ watchdogMs: 5 });
    await bench.settle(task, suspend({ reason: "sleep", forMs: 86_400_000 }));
    expect(await bench.record(task.id)).toMatchObject({ status: "suspended", reason: "sleep" });
    bench.clock.advance(86_399_999);
    expect(await bench.store.expire(10)).toEqual([]);
    expect(await bench.store.markStale(1, 10)).toEqual([]);
    bench.clock.advance(1);
    expect(await bench.store.expire(10)).toMatchObject([
      { id: task.id, status: "queued", stage: 1, wakeReason: "timeout" },
    ]);
  });

  add("F24, F26: a manual wait ends by resume, with a payload", async (bench) => {
    const task = await bench.running();
    await bench.settle(task, suspend({ reason: "manual", note: "needs approval", timeoutMs: null }));
    expect(await bench.record(task.id)).toMatchObject({ status: "suspended", reason: "manual" });
    expect(await bench.store.change([{ type: "resume", taskId: task.id, payload: '"yes"' }])).toMatchObject([
      { status: "changed", task: { status: "queued", stage: 1, wakeReason: "manual", wakePayload: '"yes"' } },
    ]);
  });

  add("F24: a resume of a wait that is not manual is refused", async (bench) => {
    const task = await bench.running();
    await bench.settle(task, waitFor("go"));
    expect(await bench.store.change([{ type: "resume", taskId: task.id }])).toMatchObject([
      { status: "refused", why: "wrong-status", task: { status: "suspended" } },
    ]);
  });

  add("a deadline ends a manual wait", async (bench) => {
    const task = await bench.running();
    await bench.settle(task, suspend({ reason: "manual", note: null, timeoutMs: 10 }));
    bench.clock.advance(10);
    expect(await bench.store.expire(10)).toMatchObject([{ id: task.id, wakeReason: "timeout", stage: 1 }]);
  });

  add("F27: a suspended task has no lease to lose", async (bench) => {
    const task = await bench.running();
    await bench.settle(task, waitFor("go"));
    bench.clock.advance(1e9);
    expect(await bench.store.expire(10)).toEqual([]);
    expect(await bench.record(task.id)).toMatchObject({ status: "suspended", interruptions: 0 });
  });

  add("F28: suspended tasks are listed by what they wait for", async (bench) => {
    const [one, two] = [await bench.running(), await bench.running()];
    await bench.settle(one, waitFor("go"));
    await bench.settle(two, suspend({ reason: "sleep", forMs: 5 }));
    const page = await bench.store.read({ statuses: ["suspended"], reasons: ["signal"] });
    expect(page.tasks.map(({ id }) => id)).toEqual([one.id]);
  });
};
