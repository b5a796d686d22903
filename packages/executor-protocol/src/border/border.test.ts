import { AsyncResource } from "node:async_hooks";
import type {
  LeasedSettlement,
  RunAnswer,
  RunReport,
  TaskContext,
  TaskOutcome,
  TaskRun,
  TxFenceFacet,
} from "@millrace/models";
import { describe, expect, it } from "vitest";
import type { AnyTaskHandler } from "../run/run-handler.ts";
import { aRun, recordIo, type RecordedIo } from "../testing/a-run.ts";
import { channelPair } from "../testing/channel-pair.ts";
import { handlerMessage, hostMessage } from "./border-message.ts";
import type { Channel } from "./channel.ts";
import { callRemote, type RemoteCall, type RemoteEnd } from "./remote-call.ts";
import { serveRuns, type RunServer } from "./serve-runs.ts";

interface Border {
  readonly host: Channel;
  readonly server: RunServer;
  call(io: RecordedIo, runs?: readonly TaskRun[]): RemoteCall;
}

function border(handler: AnyTaskHandler): Border {
  const [host, handlerSide] = channelPair();
  const server = serveRuns(handlerSide, { load: () => Promise.resolve(handler), onClose: () => handlerSide.close() });
  let calls = 0;
  return {
    host,
    server,
    call(io, runs = [aRun()]) {
      calls += 1;
      return callRemote(host, {
        call: calls,
        entrypoint: { module: "file:///m.ts" },
        runs,
        aborted: runs.map(() => null),
        io,
      });
    },
  };
}

async function outcomesOf(call: RemoteCall): Promise<readonly TaskOutcome[]> {
  const end: RemoteEnd = await call.ended;
  call.leave();
  if (end.type !== "outcomes") throw new Error("no outcomes");
  return end.outcomes;
}

const running = (body: (context: TaskContext, input: unknown) => unknown): AnyTaskHandler => ({
  run: (input: unknown, context: TaskContext) => body(context, input),
});

describe("a call across a border", () => {
  it("brings input, state and wake over, and the outcome back; undefined and null stay apart", async () => {
    const handler = running((context, input) =>
      input === undefined ? undefined : [input, context.state, context.wake],
    );
    const wake = { reason: "signal", payload: { n: 1 }, timedOut: false, aborted: false } as const;
    const { call } = border(handler);
    expect(await outcomesOf(call(recordIo(), [aRun({ input: null, state: { s: 1 }, wake })]))).toEqual([
      { type: "succeeded", output: [null, { s: 1 }, wake] },
    ]);
    expect(await outcomesOf(call(recordIo()))).toEqual([{ type: "succeeded", output: undefined }]);
  });

  it("says started first and keeps every step in order, in few messages while one is unanswered", async () => {
    const answers: ((held: boolean) => void)[] = [];
    const io = recordIo(1, {
      report: (report) => (report.started ? Promise.resolve(true) : new Promise((resolve) => answers.push(resolve))),
    });
    const handler = running(async (context) => {
      const all: Promise<boolean>[] = [];
      for (let n = 1; n <= 2_500; n += 1) all.push(context.appendStep({ message: `step ${n}` }));
      all.push(context.setProgress({ percent: 5, label: "a" }), context.setProgress({ percent: 6 }));
      return Promise.all(all).then((held) => held.every(Boolean));
    });
    const call = border(handler).call(io);
    const answering = setInterval(() => answers.splice(0).forEach((answer) => answer(true)), 0);
    expect(await outcomesOf(call)).toEqual([{ type: "succeeded", output: true }]);
    clearInterval(answering);
    const reports = io.reports.map(({ report }) => report);
    expect(reports[0]).toMatchObject({ started: true });
    expect(reports.flatMap(({ steps }) => (steps ?? []).map(({ n }) => n))).toEqual(
      Array.from({ length: 2_500 }, (_none, n) => n + 1),
    );
    expect(reports.length).toBeLessThanOrEqual(5);
    expect(Math.max(...reports.map(({ steps }) => steps?.length ?? 0))).toBeLessThanOrEqual(1_000);
    expect(reports.at(-1)?.progress).toEqual({ percent: 6, label: "a" });
  });

  it("everything that was said arrives before the outcome, also what nobody awaited", async () => {
    const io = recordIo(1, { report: () => new Promise<boolean>(() => {}) });
    const handler = running((context) => {
      for (let n = 0; n < 3; n += 1) void context.appendStep({ message: "x" });
      void context.setProgress({ percent: 99 });
      context.log.info("last");
    });
    const outcomes = await outcomesOf(border(handler).call(io));
    expect(outcomes).toEqual([{ type: "succeeded", output: undefined }]);
    const reports: RunReport[] = io.reports.map(({ report }) => report);
    expect(reports.flatMap(({ steps }) => steps ?? [])).toHaveLength(3);
    expect(reports.some(({ progress }) => progress?.percent === 99)).toBe(true);
    expect(io.lines.map(({ line }) => line.message)).toEqual(["last"]);
  });

  it("brings the host's refusals back as errors with their code", async () => {
    const io = recordIo(1, {
      ask: async (question): Promise<RunAnswer> =>
        question.type === "memo-put"
          ? { type: "memo", found: true, value: "older" }
          : { type: "refused", code: "SIGNAL_CLOSED", message: "over" },
    });
    const handler = running(async (context) => {
      const code = await context
        .signalTask("t", "go")
        .catch((error: unknown) => Reflect.get(Object(error), "code") as unknown);
      return [code, await context.once("k", () => "newer")];
    });
    expect(await outcomesOf(border(handler).call(io))).toEqual([
      { type: "succeeded", output: ["SIGNAL_CLOSED", "older"] },
    ]);
  });

  it("a lost lease is answered false", async () => {
    const io = recordIo(1, { report: async () => false });
    expect(await outcomesOf(border(running((context) => context.heartbeat())).call(io))).toEqual([
      { type: "succeeded", output: false },
    ]);
  });

  it("what cannot cross is refused on either side and harms nothing else", async () => {
    const tx = running((context) => context.completeInTx({}, 1));
    const io = recordIo(1, { ask: async () => ({ type: "refused", code: "TX_UNSUPPORTED", message: "no" }) });
    expect(await outcomesOf(border(tx).call(io))).toMatchObject([{ failure: { code: "TX_UNSUPPORTED" } }]);
    const functions = running((context) => context.enqueue({ kind: "k", options: { id: (() => 1) as never } }));
    expect(await outcomesOf(border(functions).call(recordIo()))).toMatchObject([
      { permanent: true, failure: { code: "SERIALIZATION_ERROR" } },
    ]);
    const input = aRun({ input: { fn: () => 1 } as never });
    expect(await outcomesOf(border(running(() => 1)).call(recordIo(), [input]))).toMatchObject([
      { type: "failed", permanent: true, failure: { code: "SERIALIZATION_ERROR" } },
    ]);
  });

  describe("completeInTx", () => {
    const settlement: LeasedSettlement = {
      taskId: "t",
      attempt: 2,
      leaseToken: "token",
      started: true,
      settlement: { type: "succeed", output: "1" },
    };
    const module = new URL("../testing/tx-fence.ts", import.meta.url).href;
    /** What became of a run that completes in this transaction by a fence with these options. */
    const completing = async (tx: unknown, fence: TxFenceFacet): Promise<readonly TaskOutcome[]> => {
      const io = recordIo(1, { ask: async () => ({ type: "tx-fence", fence, settlement }) });
      const outcomes = await outcomesOf(border(running((context) => context.completeInTx(tx, 1))).call(io));
      expect(io.questions).toEqual([{ type: "tx-fence", output: 1 }]);
      return outcomes;
    };

    it("settles on the handler's side, as the host says, by the store's fence", async () => {
      const tx: LeasedSettlement[] = [];
      const outcomes = await completing(tx, { module, options: { answer: { status: "held", version: 3 } } });
      expect(outcomes).toEqual([{ type: "completed-in-tx" }]);
      expect(tx).toEqual([settlement]);
    });

    it("a lease that is lost, and whatever the fence throws, reject it", async () => {
      const lostLease = { answer: { status: "lost", why: "stale-lease" } };
      expect(await completing([], { module, options: lostLease })).toMatchObject([{ failure: { code: "LEASE_LOST" } }]);
      expect(await completing([], { module, options: { refuses: true } })).toMatchObject([
        { failure: { code: "OPTION_INVALID", message: "tx must be a list." } },
      ]);
    });

    it("a store that is not installed there is named", async () => {
      const nowhere = new URL("../testing/not-installed.ts", import.meta.url).href;
      expect(await completing([], { module: nowhere, options: null })).toMatchObject([
        { failure: { code: "TX_UNSUPPORTED", message: expect.stringContaining("not-installed") } },
      ]);
    });
  });

  it("R34: an abort reaches the right run of a batch, with its reason", async () => {
    const handler: AnyTaskHandler = {
      runBatch: async ([first, second]) => {
        first?.context.log.info("running");
        await new Promise((resolve) => second?.context.signal.addEventListener("abort", resolve));
        return [
          { status: "succeeded", output: first?.context.signal.aborted },
          { status: "failed", error: second?.context.signal.reason as unknown },
        ];
      },
    };
    const io = recordIo(2);
    const call = border(handler).call({ ...io, log: () => call.abort(1, "timeout") }, [aRun(), aRun()]);
    expect(await outcomesOf(call)).toEqual([
      { type: "succeeded", output: false },
      { type: "aborted", why: "timeout", failure: null },
    ]);
  });

  it("an error nobody caught is fatal to the call it came from", async () => {
    const { call, server } = border(running((context) => context.log.info("running") ?? new Promise(() => {})));
    const io = recordIo();
    let mustEnd: Promise<boolean> | undefined;
    const remote = call({ ...io, log: () => void (mustEnd = server.uncaught(new RangeError("loose"))) });
    expect(await remote.ended).toMatchObject({ type: "fatal", failure: { name: "RangeError", message: "loose" } });
    expect(await mustEnd).toBe(true);
    expect(remote.hasStarted()).toBe(true);
  });

  it("an error left over from an earlier call does not fail the present one", async () => {
    let raise: (() => Promise<boolean>) | undefined;
    const handler = running((_context, input) => {
      // Made inside the first call, so that it belongs to it.
      if (input === 1) raise = AsyncResource.bind(() => server.uncaught(new Error("late")));
      return input === 1 ? 1 : raise?.();
    });
    const { call, server, host } = border(handler);
    const strays: unknown[] = [];
    host.onMessage((value) => handlerMessage(value)?.type === "stray" && strays.push(value));
    expect(await outcomesOf(call(recordIo(), [aRun({ input: 1 })]))).toMatchObject([{ output: 1 }]);
    expect(await outcomesOf(call(recordIo(), [aRun({ input: 2 })]))).toEqual([{ type: "succeeded", output: false }]);
    expect(strays).toHaveLength(1);
  });

  it("a log flood loses lines, not memory, and fields that cannot cross are told", async () => {
    const io = recordIo();
    const handler = running((context) => {
      for (let n = 0; n < 5_000; n += 1) context.log.debug(`line ${n}`, { fn: () => n, error: new Error("e") });
    });
    await outcomesOf(border(handler).call(io));
    expect(io.lines.length).toBeLessThan(1_100);
    expect(io.lines[0]?.line.fields).toMatchObject({ fn: "[fn is a function]", error: { message: "e" } });
    expect(io.lines.at(-1)?.line.message).toMatch(/\d+ log lines were lost/);
  });
});

describe("messages", () => {
  it.each([
    [null],
    ["text"],
    [{}],
    [{ type: "run" }],
    [{ type: "run", millrace: 2 }],
    [{ millrace: 1, type: "other" }],
    [{ millrace: 1, type: 5 }],
  ])("%j of a stranger is none of ours", (value) => {
    expect(hostMessage(value)).toBeNull();
    expect(handlerMessage(value)).toBeNull();
  });

  it.each([
    [{ type: "report", call: 1, i: "0", id: 1, report: {} }],
    [{ type: "report", call: 1, i: 0, id: 1 }],
    [{ type: "ask", call: 1, i: 0, id: null, question: {} }],
    [{ type: "log", call: 1, lines: [{ i: 0 }] }],
    [{ type: "outcomes", call: 1, outcomes: [{ type: "bliss" }] }],
    [{ type: "outcomes", call: 1, outcomes: { length: 1 } }],
    [{ type: "fatal", call: 1 }],
  ])("%j has a shape that cannot be", (message) => {
    expect(handlerMessage({ millrace: 1, ...message })).toBeNull();
  });

  it("too few outcomes are made whole, foreign positions are not heard", async () => {
    const [host, other] = channelPair();
    const io = recordIo(2);
    const call = callRemote(host, {
      call: 7,
      entrypoint: { module: "m" },
      runs: [aRun(), aRun()],
      aborted: [null, null],
      io,
    });
    await other.post({ millrace: 1, type: "report", call: 7, i: 9, id: 1, report: { started: true } });
    await other.post({ millrace: 1, type: "outcomes", call: 6, outcomes: [] });
    await other.post({ millrace: 1, type: "outcomes", call: 7, outcomes: [{ type: "succeeded" }] });
    expect(await outcomesOf(call)).toMatchObject([
      { type: "failed", failure: { code: "INTERNAL" } },
      { type: "failed", failure: { code: "INTERNAL" } },
    ]);
    expect(io.reports).toEqual([]);
  });
});
