import type { TaskId, TaskSubscriptionBootstrap, TaskSubscriptionQuery } from "@millrace/models";
import { createElement, StrictMode, type ReactElement } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { TaskLiveConnect } from "../index.ts";
import { TaskLiveProvider, useTask, useTaskProgress, useTasks } from "../react.ts";
import { sseConnection } from "../sse.ts";
import { openBrowser, type Browser } from "../testing/browser.ts";
import { createLiveServer, turn, type HandlerEventSource, type LiveServer } from "../testing/live-server.ts";

vi.setConfig({ testTimeout: 30_000 });

let server: LiveServer;
let browser: Browser;
let sources: HandlerEventSource[];
let connect: TaskLiveConnect;
beforeEach(async () => {
  server = createLiveServer();
  browser = await openBrowser();
  sources = [];
  connect = sseConnection("/live", {
    open(url) {
      const source = server.openSource(url);
      sources.push(source);
      return source;
    },
  });
});
afterEach(async () => {
  await browser[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const open = (): number => sources.filter(({ readyState }) => readyState !== 2).length;

interface ListProps {
  readonly query?: TaskSubscriptionQuery;
  readonly initial?: TaskSubscriptionBootstrap;
}

function List({ query = { kinds: ["work"] }, initial }: ListProps): string {
  // Written anew at every rendering, as people do.
  const { snapshots, status } = useTasks({ ...query }, initial ? { initial } : {});
  return `${status}: ${snapshots.map(({ kind, state }) => `${kind} ${state}`).join(", ")};`;
}

function One({ id }: { readonly id: TaskId }): string {
  const { task, steps, lastEvent, isLoading } = useTask(id);
  return isLoading ? "loading;" : `${task?.state ?? "none"} ${steps.length} ${lastEvent?.event ?? "-"};`;
}

function Bar({ id }: { readonly id: TaskId }): string {
  const progress = useTaskProgress(id);
  return `${progress?.percent ?? "?"}%;`;
}

const page = (...parts: readonly ReactElement[]): ReactElement =>
  createElement(TaskLiveProvider, { connect }, ...parts);
const strict = (...parts: readonly ReactElement[]): ReactElement => createElement(StrictMode, null, page(...parts));

it("useTasks shows first where everything stands, then every change", async () => {
  await server.enqueue();
  await browser.render(page(createElement(List)));
  await browser.untilText("live: work queued;");
  await server.run();
  await browser.untilText("live: work succeeded;");
  await server.enqueue();
  await browser.untilText("live: work queued, work succeeded;");
});

it("useTask and useTaskProgress of one task share a view", async () => {
  const { id } = await server.enqueue();
  const both = page(createElement(One, { id }), createElement(Bar, { id }), createElement(Bar, { id }));
  expect(renderToString(both).replaceAll("<!-- -->", "")).toBe("loading;?%;?%;");
  await browser.render(both);
  await browser.untilText("queued 0 -;?%;?%;");
  await server.run();
  await browser.untilText("succeeded 1 succeeded;100%;100%;");
  expect(sources).toHaveLength(1);
});

it("a task that is not there is told apart from one that is not known yet", async () => {
  await browser.render(page(createElement(One, { id: "01890000-0000-7000-8000-000000000000" })));
  await browser.untilText("none 0 -;");
});

it("in StrictMode there is one connection, and none is left behind", async () => {
  await server.enqueue();
  await browser.render(strict(createElement(List), createElement(List)));
  await browser.untilText("live: work queued;live: work queued;");
  await turn();
  expect([sources.length, open()]).toEqual([1, 1]);
  await browser.unmount();
  await turn();
  expect(open()).toBe(0);
});

it("another query is another view; the same query, written anew, is the same", async () => {
  await server.enqueue();
  await server.enqueue({ kind: "other" });
  await browser.render(page(createElement(List)));
  await browser.untilText("live: work queued;");
  await browser.render(page(createElement(List, { query: { kinds: ["work"] } })));
  expect(sources).toHaveLength(1);
  await browser.render(page(createElement(List, { query: { kinds: ["other"] } })));
  await browser.untilText("live: other queued;");
  await turn();
  expect([sources.length, open()]).toEqual([2, 1]);
});

it("a page that the server has rendered is shown at once and gone on from", async () => {
  await server.enqueue();
  const initial = await server.hub.bootstrap({ kinds: ["work"] });
  const html = renderToString(page(createElement(List, { initial })));
  expect(html).toContain("connecting: work queued;");
  expect(sources).toHaveLength(0);
  await browser.render(page(createElement(List, { initial })));
  expect(browser.text()).toMatch(/: work queued;$/);
  await server.run();
  await browser.untilText("live: work succeeded;");
  expect(sources[0]?.url).toContain("&after=");
});

it("shows what it knows while the connection is gone", async () => {
  await server.enqueue();
  await browser.render(page(createElement(List)));
  await browser.untilText("live: work queued;");
  server.isReachable = false;
  sources[0]?.cut(true);
  await browser.untilText("reconnecting: work queued;");
});

it("without a provider the way out is said", () => {
  expect(() => renderToString(createElement(List))).toThrow(/TaskLiveProvider/);
});
