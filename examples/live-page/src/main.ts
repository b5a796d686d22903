import assert from "node:assert/strict";
import { createTaskLiveTracker } from "@millrace/tracker";
import { createHost, createTaskLiveHub, defineTask } from "millrace";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { Page } from "./browser.ts";

const generate = defineTask({
  kind: "report.generate",
  async run(_input: { reportId: string }, context) {
    await context.setProgress({ percent: 50, label: "half" });
    return "done";
  },
});
await using host = createHost({ tasks: [generate] });
const hub = createTaskLiveHub(host);
const { task } = await host.enqueue(generate, { reportId: "rpt_42" });

// The server renders the page as it stands; in the browser the hooks go on from there.
const initial = await hub.bootstrap({ kinds: ["report.generate"], includeValues: false });
const html = renderToString(createElement(Page, { initial }));
console.log(html);
assert.match(html, /^<section aria-busy="true"><ul><li>/);

// #region tracker
const tracker = createTaskLiveTracker();
tracker.onChange(() => {
  const { snapshots, lastEvents } = tracker.getState();
  for (const { id, state, progress } of snapshots) console.log(state, progress.percent, lastEvents[id]?.event);
});
const subscription = await hub.subscribe({ taskIds: [task.id] }, (message) => tracker.apply(message));
// #endregion

await host.start();
await host.awaitResult(task.id, { timeoutMs: 10_000 });
const isDone = (): boolean => tracker.getState().snapshots[0]?.state === "succeeded";
for (const end = Date.now() + 10_000; !isDone() && Date.now() < end;) await new Promise((next) => setTimeout(next, 10));
assert(isDone(), "the tracker shows what has happened");
subscription.close();
await hub.close();
