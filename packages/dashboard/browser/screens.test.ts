import { failureKey } from "@millrace/models";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser } from "./open-browser.ts";
import { axeViolations, overhang, shoot, visit, type Visit } from "./visit.ts";
import { openWorld, type World } from "./world.ts";

let browser: Browser;
let world: World;

beforeAll(async () => {
  [browser, world] = await Promise.all([openBrowser(), openWorld()]);
  // Something for the audit: done, and refused.
  const post = (path: string): Promise<Response> => fetch(`${world.url}api/v1/${path}`, { method: "POST" });
  await post("kinds/report.generate/pause");
  await post("kinds/report.generate/resume");
  await post(`tasks/${world.ids["succeeded"]}/cancel`);
  // Failures that are resolved, and some that came back.
  const ended = await Promise.all(["declined", "failed"].map((name) => world.host.getTask(world.ids[name] ?? "")));
  const marks = ended.flatMap((task) => (task === null ? [] : [{ key: failureKey(task), state: "resolved" } as const]));
  await world.host.markFailures(marks.map((mark) => ({ ...mark, by: "ada", note: "the bank was told" })));
  const { task } = await world.host.enqueue("billing.charge", { customer: "cus_again" });
  await world.host.awaitResult(task.id).catch(() => null);
});
afterAll(async () => {
  await browser?.close();
  await world?.[Symbol.asyncDispose]();
});

/** A screen: where it is, and what is there once it is whole. */
interface Screen {
  readonly name: string;
  readonly path: (ids: World["ids"]) => string;
  readonly sign: string;
}

const screens: readonly Screen[] = [
  { name: "overview", path: () => "?window=15m", sign: "[aria-label='Needs attention']" },
  { name: "kinds", path: () => "kinds", sign: "text=billing.charge" },
  { name: "hosts", path: () => "hosts", sign: "text=media-2" },
  { name: "errors", path: () => "errors", sign: "text=came back" },
  { name: "errors-resolved", path: () => "errors?state=resolved", sign: "text=card_declined" },
  { name: "errors-ignored", path: () => "errors?state=ignored", sign: "text=Nothing is ignored" },
  { name: "schedules", path: () => "schedules", sign: "text=nightly-rollup" },
  { name: "schedule", path: () => "schedules?id=nightly-rollup", sign: "[aria-label='Next runs']" },
  { name: "audit", path: () => "audit", sign: "text=ops@example.com" },
  { name: "tasks", path: () => "tasks", sign: "[data-task]" },
  { name: "tasks-inspector", path: ({ failed }) => `tasks?task=${failed}`, sign: "text=failed the same way" },
  { name: "tasks-found", path: () => "tasks?q=kind%3Abilling.*%20state%3Afailed", sign: "[data-task]" },
  { name: "tasks-wrong", path: () => "tasks?q=nothing%3Ax", sign: "[role=alert]" },
  { name: "tasks-none", path: () => "tasks?q=tag%3Anone", sign: "text=Nothing matches" },
  { name: "task-failed", path: ({ failed }) => `tasks/${failed}`, sign: "text=failed the same way" },
  { name: "task-running", path: ({ running }) => `tasks/${running}`, sign: "[data-testid=percent]" },
  { name: "task-queued", path: ({ queued }) => `tasks/${queued}`, sign: "text=no live host" },
  { name: "task-hostile", path: ({ hostile }) => `tasks/${hostile}`, sign: "text=TASK_FAILED" },
  {
    name: "task-missing",
    path: () => "tasks/01a20000-0000-7000-8000-000000000000",
    sign: "text=There is no such task",
  },
  { name: "settings", path: () => "settings", sign: "text=at most 1,000 a kind" },
  { name: "lost", path: () => "nowhere", sign: "text=There is nothing here" },
];

describe.each([1_440, 390])("%i px wide, in both themes", (width) => {
  let visited: Visit;
  beforeAll(async () => {
    visited = await visit(browser, world.url, { theme: "light", width });
  });
  afterAll(async () => {
    await visited?.[Symbol.asyncDispose]();
  });

  it.each(screens)(
    "$name has no axe violation, a clean console, and nothing that hangs over",
    async ({ name, path, sign }) => {
      const { page, troubles } = visited;
      await page.goto(`${world.url}#/${path(world.ids)}`);
      await page.locator(sign).first().waitFor();
      await page.evaluate("document.fonts.ready.then(() => null)");
      const found: string[] = [];
      for (const theme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme: theme });
        await page.locator(`[data-theme=${theme}]`).waitFor();
        await shoot(page, `${name}-${theme}-${width}`);
        found.push(...(await axeViolations(page)));
      }
      if ((await overhang(page)) > 0) found.push(`it is ${await overhang(page)} px too wide`);
      // The refusals of a query and of an id that are wrong on purpose.
      found.push(...troubles.splice(0).filter((trouble) => !/status of 40[04]/.test(trouble)));
      expect(found).toEqual([]);
    },
  );
});
