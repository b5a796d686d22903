import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attachTaskLiveSocketBridge } from "@millrace/live/socket-io";
import { createManualClock, systemClock, type ManualClock, type TaskSubscriptionQuery } from "@millrace/models";
import { Server } from "socket.io";
import { io } from "socket.io-client";
import { afterEach, expect, it, vi } from "vitest";
import {
  createTaskLiveTracker,
  shareTrackers,
  withPolling,
  type TaskLiveConnect,
  type TaskLiveTracker,
} from "../index.ts";
import { socketConnection } from "../socket-io.ts";
import { sseConnection } from "../sse.ts";
import { createLiveServer, turn, until, type HandlerEventSource, type LiveServer } from "../testing/live-server.ts";

vi.setConfig({ testTimeout: 30_000 });

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

const versions = (tracker: TaskLiveTracker): number[] => tracker.getState().snapshots.map(({ version }) => version);
const statusOf = (tracker: TaskLiveTracker): string => tracker.getState().status;

interface Line {
  readonly server: LiveServer;
  readonly tracker: TaskLiveTracker;
  readonly clock: ManualClock;
  readonly sources: HandlerEventSource[];
  readonly connect: TaskLiveConnect;
}

function openLine(): Line {
  const server = createLiveServer();
  opened.push(server);
  const clock = createManualClock();
  const sources: HandlerEventSource[] = [];
  const open = (url: string): HandlerEventSource => {
    const source = server.openSource(url);
    sources.push(source);
    return source;
  };
  return { server, clock, sources, tracker: createTaskLiveTracker(), connect: sseConnection("/live", { open, clock }) };
}

it("a stream brings the snapshot, every change, steps, and the way it is connected", async () => {
  const { server, tracker, connect, sources } = openLine();
  const task = await server.enqueue();
  const disconnect = connect({ query: { kinds: ["work"], recentSteps: 5 }, tracker });
  await until(() => tracker.getState().snapshots.length === 1);
  expect(statusOf(tracker)).toBe("live");
  await server.run();
  await until(() => tracker.getState().snapshots[0]?.state === "succeeded");
  expect(tracker.getState()).toMatchObject({
    steps: { [task.id]: [{ message: "half" }] },
    aggregate: { total: { count: 1 } },
  });
  disconnect();
  expect(sources[0]?.readyState).toBe(2);
});

it("a stream that breaks goes on where it was: by the browser, or anew when that has given up", async () => {
  const { server, tracker, connect, sources, clock } = openLine();
  const disconnect = connect({ query: {}, tracker });
  await until(() => tracker.getState().updatedAt !== null);
  sources[0]?.cut(false);
  expect(statusOf(tracker)).toBe("reconnecting");
  await server.enqueue();
  await until(() => versions(tracker).length === 1 && statusOf(tracker) === "live");
  server.isReachable = false;
  sources[0]?.cut(true);
  await server.enqueue();
  for (let tries = 1; tries <= 3; tries += 1) {
    await turn();
    clock.advance(60_000);
    await until(() => sources.length === 1 + tries && sources[tries]?.readyState === 2);
  }
  server.isReachable = true;
  clock.advance(60_000);
  await until(() => versions(tracker).length === 2);
  expect(statusOf(tracker)).toBe("live");
  expect(sources.at(-1)?.url).toContain("&after=");
  disconnect();
  expect(clock.nextTimerInMs()).toBeNull();
});

it("a stream that the server ends for a while is opened again; one that is refused for good is not", async () => {
  const { server, tracker, connect, sources, clock } = openLine();
  connect({ query: {}, tracker });
  await until(() => statusOf(tracker) === "live" && tracker.getState().updatedAt !== null);
  await server.hub.close();
  await until(() => statusOf(tracker) === "reconnecting");
  expect(tracker.getState().end).toMatchObject({ code: "LIVE_CLOSED" });
  clock.advance(60_000);
  expect(sources).toHaveLength(2);

  const refused = createLiveServer({
    authorize: ({ why }) => (why === "expiry" ? null : { expiresAt: systemClock.now() + 30 }),
  });
  opened.push(refused);
  const other = createTaskLiveTracker();
  sseConnection("/live", { open: (url) => refused.openSource(url), clock })({ query: {}, tracker: other });
  await until(() => statusOf(other) === "ended");
  expect(other.getState().end).toMatchObject({ code: "ACCESS_REFUSED" });
});

it("what comes over a stream and is no message changes nothing", () => {
  const tracker = createTaskLiveTracker();
  const listeners: ((event: { data?: unknown }) => void)[] = [];
  const open = () => ({
    readyState: 1,
    addEventListener: (_: string, listener: (event: { data?: unknown }) => void) => void listeners.push(listener),
    close() {},
  });
  sseConnection("/live", { open })({ query: {}, tracker });
  const before = { ...tracker.getState(), status: "live" };
  for (const listener of listeners.slice(0, 2))
    for (const data of ["{", "", "null", '{"type":"x"}', undefined]) listener({ data });
  expect(tracker.getState()).toEqual(before);
});

it("without an EventSource the way out is said", () => {
  vi.stubGlobal("EventSource", undefined);
  expect(() => sseConnection("/live")({ query: {}, tracker: createTaskLiveTracker() })).toThrow(/pass `open`/);
  vi.unstubAllGlobals();
});

it("while nothing tells of changes it asks now and then, and stops when something does", async () => {
  const { server, tracker, connect, sources, clock } = openLine();
  let polls = 0;
  const poll = (query: TaskSubscriptionQuery) => {
    polls += 1;
    return polls === 1 ? Promise.reject(new Error("no network")) : server.hub.bootstrap(query);
  };
  server.isReachable = false;
  const disconnect = withPolling(connect, { poll, clock })({ query: {}, tracker });
  await until(() => statusOf(tracker) === "reconnecting");
  await server.enqueue();
  for (let n = 0; n < 2; n += 1) {
    clock.advance(5_000);
    await turn();
    await turn();
  }
  await until(() => statusOf(tracker) === "polling" || statusOf(tracker) === "reconnecting");
  await until(() => versions(tracker).length === 1);
  server.isReachable = true;
  clock.advance(60_000);
  await until(() => statusOf(tracker) === "live");
  await server.enqueue();
  await until(() => versions(tracker).length === 2);
  const before = polls;
  clock.advance(30_000);
  await turn();
  expect(polls).toBe(before);
  expect(sources.length).toBeGreaterThan(1);
  disconnect();
  expect(clock.nextTimerInMs()).toBeNull();
});

it("R52: over a real socket: several views on one socket, each by itself, and on after a break", async () => {
  const server = createLiveServer();
  const http = createServer();
  const sockets = new Server(http, { transports: ["websocket"] });
  attachTaskLiveSocketBridge(sockets, { hub: server.hub, auth: "none-i-am-behind-a-proxy" });
  await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
  const { port } = http.address() as AddressInfo;
  const socket = io(`http://127.0.0.1:${port}`, { transports: ["websocket"], reconnectionDelay: 5, forceNew: true });
  opened.push(
    server,
    { [Symbol.asyncDispose]: () => sockets.close() },
    { [Symbol.asyncDispose]: async () => void socket.close() },
  );
  const [work, other] = [createTaskLiveTracker(), createTaskLiveTracker()];
  const connect = socketConnection(socket);
  connect({ query: { kinds: ["work"] }, tracker: work });
  const leave = connect({ query: { kinds: ["other"] }, tracker: other });
  await until(() => work.cursor !== null && other.cursor !== null);
  await server.enqueue();
  await server.run();
  await server.enqueue({ kind: "other" });
  await until(() => versions(work)[0] === 6 && versions(other).length === 1);
  expect(work.getState().snapshots).toMatchObject([{ state: "succeeded", output: "done" }]);

  const cursor = work.cursor;
  sockets.disconnectSockets(true);
  await until(() => statusOf(work) === "reconnecting");
  expect(work.cursor).toBe(cursor);
  await server.enqueue();
  // A server that throws its sockets out is not come back to by itself.
  socket.connect();
  await until(() => versions(work).length === 2 && statusOf(work) === "live");

  leave();
  await server.enqueue({ kind: "other" });
  await server.enqueue();
  await until(() => versions(work).length === 3);
  expect(versions(other)).toHaveLength(1);
});

it("a place that the server does not know is forgotten, and the view begun anew", async () => {
  const clock = createManualClock();
  const sent: unknown[][] = [];
  const listeners = new Map<string, (...values: unknown[]) => void>();
  const socket = {
    connected: true,
    on: (event: string, listener: (...values: unknown[]) => void) => listeners.set(event, listener),
    off: (event: string) => listeners.delete(event),
    emit: (...values: unknown[]) => sent.push(values),
  };
  const tracker = createTaskLiveTracker();
  const timestamp = "2026-01-01T00:00:00.000Z";
  tracker.apply({ type: "bootstrap", query: {}, snapshots: [], steps: {}, aggregate: null, cursor: "old", timestamp });
  const leave = socketConnection(socket, { clock })({ query: {}, tracker });
  const [, first] = sent[0] as [string, { id: string }];
  expect(first).toMatchObject({ after: "old" });
  const tell = (message: unknown): void => listeners.get("tasks:live")?.(message);
  for (const none of [null, 5, "x", []]) tell(none);
  tell({ type: "end", id: "somebody else's", code: "LIVE_CLOSED", retryable: true });
  tell({
    type: "end",
    id: first.id,
    code: "CURSOR_INVALID",
    retryable: false,
    message: "",
    fix: "",
    path: null,
    timestamp,
  });
  clock.advance(60_000);
  expect(sent[1]).toEqual(["tasks:subscribe", { id: first.id, query: {} }]);
  leave();
  expect([sent.at(-1), listeners.size]).toEqual([["tasks:unsubscribe", { id: first.id }], 0]);
});

it("who asks for the same shares one view, which lives as long as somebody holds it", async () => {
  const connections: string[] = [];
  const trackers = shareTrackers(({ query }) => {
    connections.push(`+${JSON.stringify(query)}`);
    return () => connections.push("-");
  });
  const tracker = trackers.trackerOf({ kinds: ["a"], limit: 5 });
  expect(trackers.trackerOf({ limit: 5, kinds: ["a"] })).toBe(tracker);
  const release = trackers.hold({ kinds: ["a"], limit: 5 });
  release();
  release();
  const again = trackers.hold({ limit: 5, kinds: ["a"] });
  await turn();
  expect(connections).toEqual(['+{"kinds":["a"],"limit":5}']);
  again();
  await turn();
  expect(connections).toEqual(['+{"kinds":["a"],"limit":5}', "-"]);
  expect(trackers.trackerOf({ kinds: ["a"], limit: 5 })).not.toBe(tracker);
});
