import { fork } from "node:child_process";
import { join } from "node:path";
import { percentile } from "../harness/statistics.ts";
import type { Figures, Suite, Variant } from "../harness/suite.ts";
import { firstPaints, openBrowser, openPage, serveDashboard, startDemo } from "./dashboard-browser-parts.ts";
import { startTelling, type Telling } from "./dashboard-teller.ts";
import { openLiveStore } from "./live-parts.ts";

const samples = 60;
const loads = 11;

/** From a change, told by a worker here or in another process, to the page that shows it. */
const told =
  (where: "sqlite" | "postgres", worker: "same" | "other"): Variant =>
  async ({ folder, scale, postgresUrl }) => {
    const place = where === "postgres" ? postgresUrl : join(folder, "tasks.sqlite");
    const store = openLiveStore(place);
    await using server = await serveDashboard(store);
    await using browser = await openBrowser();
    const telling = worker === "same" ? await startTelling(store) : await tellElsewhere(place);
    const count = Math.max(10, Math.round(samples * scale));
    const delays = async (path: string): Promise<readonly number[]> => {
      await using page = await openPage(browser, `${server.url}#/${path}`);
      // What it shows first may be of a read of its own.
      const all = await page.delays(count + 2);
      return all.slice(2);
    };
    const task = await delays(`tasks/${telling.taskId}`);
    const list = await delays("tasks?q=kind%3Abench.told");
    telling.makeBusy();
    const busy = await delays("tasks?q=kind%3Abench.told");
    await telling.stop();
    await store.close();
    return {
      taskP50Ms: percentile(task, 50),
      taskP95Ms: percentile(task, 95),
      listP50Ms: percentile(list, 50),
      listP95Ms: percentile(list, 95),
      busyListP50Ms: percentile(busy, 50),
      busyListP95Ms: percentile(busy, 95),
    };
  };

function tellElsewhere(place: string): Promise<Telling> {
  const child = fork(new URL("./dashboard-teller.entry.ts", import.meta.url), [place]);
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the teller ended with ${code}`)));
    child.once("message", (taskId) => {
      resolve({
        taskId: taskId as string,
        makeBusy: () => void child.send("busy"),
        stop: () => new Promise((ended) => (child.once("exit", () => ended()), child.kill())),
      });
    });
  });
}

/** The overview of the demo, each time with a profile that knows nothing. */
const demo =
  (until: "dashboard" | "report"): Variant =>
  async ({ folder, scale }): Promise<Figures> => {
    await using served = await startDemo(folder, until);
    await using browser = await openBrowser();
    const { firstMs, shownMs } = await firstPaints(browser, served.url, Math.max(3, Math.round(loads * scale)));
    return {
      firstPaintP50Ms: percentile(firstMs, 50),
      firstPaintMaxMs: Math.max(...firstMs),
      shownP50Ms: percentile(shownMs, 50),
      shownMaxMs: Math.max(...shownMs),
    };
  };

const places = {
  "sqlite, one process": told("sqlite", "same"),
  "sqlite, two processes": told("sqlite", "other"),
  "postgres, two processes": told("postgres", "other"),
};
const demos = { "demo at work": demo("dashboard"), "demo with its report": demo("report") };

export const dashboardBrowserSuite: Suite = {
  name: "dashboard-browser",
  title: "The page in a browser: how soon it shows what happens, and how soon it is there",
  method:
    "Chromium, without a window, on the same machine. A worker tells of progress every 250 to 550 ms, with the time just before its commit in the words; an observer in " +
    "the page notes when those words stand in it. 60 of them each on the page of the task, in a list, and in that list while 20 other tasks of it tell 100 times a " +
    "second between them. Demo: `pnpm demo` is started, and the overview opened 11 times, each time with a profile that knows nothing, until the first contentful paint, and until " +
    "the numbers stand there: as soon as it names its address, while it profiles datasets on every core there is; and once that is done and its shop goes on.",
  variants: { ...places, ...demos },
  targets: [
    ...Object.keys(places).flatMap((name) => [
      { label: `${name}: change to page of the task, p50, ms`, of: `${name}.taskP50Ms`, atMost: 100 },
      { label: `${name}: change to list, p50, ms`, of: `${name}.listP50Ms`, atMost: 100 },
    ]),
    ...Object.keys(demos).map((name) => ({
      label: `${name}: first paint of the overview, p50, ms`,
      of: `${name}.firstPaintP50Ms`,
      atMost: 1_000,
    })),
  ],
  rounds: 1,
  needsPostgres: true,
};
