import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import dashboard from "../package.json" with { type: "json" };
import { shortId } from "../ui/format/texts.ts";
import { openBrowser } from "./open-browser.ts";
import { axeViolations, overhang, shoot, visit, type Visit } from "./visit.ts";
import { openWorld, type World } from "./world.ts";

let browser: Browser;
let world: World;

beforeAll(async () => {
  [browser, world] = await Promise.all([openBrowser(), openWorld()]);
});
afterAll(async () => {
  await browser?.close();
  await world?.[Symbol.asyncDispose]();
});

const wide = { theme: "light", width: 1_440 } as const;
const at = (path: string): Promise<Visit> => visit(browser, `${world.url}#/${path}`, wide);
const soon = { timeout: 15_000 };
/** Presses a key again and again before the page is drawn once, as a held key does where frames are slow. */
const pressFaster = (times: number): string => `(async () => {
  for (let press = 0; press < ${times}; press += 1) {
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
    for (let turn = 0; turn < 10; turn += 1) await null;
  }
})()`;
const rowsOf = (page: Page): Promise<number> => page.locator("[data-task]").count();

it("the page keeps to its mount, and its policy lets nothing inline or foreign in", async () => {
  const response = await fetch(world.url);
  expect(response.headers.get("content-security-policy")).toContain("script-src 'self'; style-src 'self'");
  expect(await response.text()).not.toMatch(/<script>|style=|https?:\/\//);
  const bare = await fetch(world.url.replace(/\/$/, ""), { redirect: "manual" });
  expect([bare.status, bare.headers.get("location")]).toEqual([307, "./ops/"]);
});

it("a task is found: by its state, by typing with suggestions, and by what stands in its input", async () => {
  await using visited = await at("tasks");
  const { page, troubles } = visited;
  await page.getByRole("link", { name: /^Failed/ }).click();
  await page.getByText("14 matches (exact)").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type(" kin");
  await page.getByRole("option", { name: /^kind:/ }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.type("hos");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await shoot(page, "journey-suggestions");
  await page.keyboard.press("Enter");
  await page.getByText("1 match (exact)").waitFor();
  await page.getByLabel("Search tasks").fill("payload.customer:cus_declined_7");
  await page.keyboard.press("Enter");
  await page.getByText(/1 matches|1 match/).waitFor();
  await page.getByRole("rowheader", { name: "billing.charge" }).getByRole("link").click();
  await page.getByRole("region", { name: "Inspector" }).getByText("card_declined").first().waitFor();
  expect(page.url()).toContain(world.ids["declined"]);
  expect(troubles).toEqual([]);
});

it("a mistake in a query is shown where it is, and nothing that was typed is lost", async () => {
  await using visited = await at("tasks");
  const { page } = visited;
  await page.getByLabel("Search tasks").fill("state:broken kind:x");
  await page.keyboard.press("Enter");
  await page.getByText('"broken" is no state').waitFor();
  expect(await page.getByLabel("Search tasks").inputValue()).toBe("state:broken kind:x");
});

it("at most 60 rows stand in the page, and the keyboard goes through all of them", async () => {
  await using visited = await at("tasks");
  const { page } = visited;
  await page.locator("[data-row='0']").focus();
  for (let press = 0; press < 45; press += 1) await page.keyboard.press("ArrowDown");
  await page.locator("[data-row='45']:focus").waitFor();
  expect(await rowsOf(page)).toBeLessThanOrEqual(60);
  await page.keyboard.press("End");
  await page.locator("[data-row='99']:focus").waitFor();
  await page.keyboard.press("Home");
  await page.locator("[data-row='0']:focus").waitFor();
  await page.evaluate(pressFaster(30));
  await page.locator("[data-row='30']:focus").waitFor();
  await page.getByRole("button", { name: "Older →" }).click();
  await page.getByText(/^Older \d+$/).waitFor();
  expect(await rowsOf(page)).toBeGreaterThan(20);
});

it("a key goes on from the row one is at, wherever newer ones have moved it", async () => {
  await using visited = await at("tasks?q=kind%3Amail.send");
  const { page, troubles } = visited;
  const idAt = (row: number): Promise<string | null> =>
    page.locator(`[data-task]:has([data-row='${row}'])`).getAttribute("data-task");
  await page.locator("[data-row='2']").focus();
  const [own, next] = [await idAt(2), await idAt(3)];
  await world.host.enqueue("mail.send", { to: "newer-than-all@example.com" });
  await page.locator(`[data-task='${own}'] [data-row='3']:focus`).waitFor();
  await page.keyboard.press("j");
  await page.locator(`[data-task='${next}'] [data-row='4']:focus`).waitFor();
  expect(troubles).toEqual([]);
});

it("going back and forth leads to where one was, at the height one left it", async () => {
  await using visited = await at("tasks");
  const { page, troubles } = visited;
  const height = (): Promise<number> => page.evaluate<number>("scrollY");
  await page.locator("[data-row='0']").waitFor();
  await page.evaluate("scrollTo(0, 900)");
  await page.locator("[data-row='30']").click();
  await page.getByRole("link", { name: "Full page" }).click();
  await page.getByRole("heading", { level: 1, name: "mail.send" }).waitFor();
  expect(await page.title()).toBe("Tasks · Acme Jobs");
  expect(await page.locator("nav:visible [aria-current=page]").textContent()).toContain("Tasks");
  expect(await height()).toBe(0);
  await page.goBack();
  await page.locator("[data-row='30'][aria-current]").waitFor();
  await expect.poll(height).toBe(900);
  await page.goBack();
  await page.getByRole("region", { name: "Inspector" }).waitFor({ state: "detached" });
  await page.locator("[data-row='30']").waitFor();
  await expect.poll(height).toBe(900);
  await page.goForward();
  await page.getByRole("region", { name: "What happened" }).waitFor();
  await page.goto(`${world.url}#/kinds`);
  await page.getByRole("region", { name: "Kinds" }).waitFor();
  await page.keyboard.press("/");
  await page.locator("#query:focus").waitFor();
  await page.goBack();
  await page.getByRole("region", { name: "Kinds" }).waitFor();
  expect(troubles).toEqual([]);
});

it("a task stands beside its list, its neighbours are a key away, and what is new waits until it is closed", async () => {
  await using visited = await at("tasks?q=kind%3Amail.send");
  const { page, troubles } = visited;
  const inspector = page.getByRole("region", { name: "Inspector" });
  const inspected = (): Promise<string | null> =>
    page.locator("[data-task]:has([aria-current=true])").getAttribute("data-task");
  const idAt = (row: number): Promise<string | null> =>
    page.locator(`[data-task]:has([data-row='${row}'])`).getAttribute("data-task");
  await page.locator("[data-row='2']").press("Enter");
  await inspector.getByRole("region", { name: "What happened" }).waitFor();
  await page.keyboard.press("j");
  await page.locator("[data-row='3'][aria-current=true]:focus").waitFor();
  await page.keyboard.press("k");
  await page.locator("[data-row='2'][aria-current=true]:focus").waitFor();
  // The last one is still loading when its key is pressed.
  const pressed = Promise.withResolvers<void>();
  await page.route(`**/v1/tasks/${await idAt(1)}`, async (route) => {
    await pressed.promise;
    await route.continue();
  });
  await page.keyboard.press("k");
  await page.locator("[data-row='1'][aria-current=true]:focus").waitFor();
  const first = await inspected();
  expect([first, new URL(page.url()).hash]).toEqual([await idAt(1), `#/tasks?q=kind%3Amail.send&task=${first}`]);
  await page.keyboard.press("v");
  pressed.resolve();
  await inspector.getByRole("tab", { name: "Events", selected: true }).waitFor();
  await page.keyboard.press("i");
  await inspector.getByRole("tab", { name: "Input", selected: true }).waitFor();
  // Nothing points at the rows: it is the open task that holds them.
  await page.mouse.move(700, 20);
  await world.host.enqueue("mail.send", { to: "later-than-all@example.com" });
  await page.getByRole("button", { name: "1 new" }).waitFor();
  expect([await inspected(), await idAt(1)]).toEqual([first, first]);
  await page.reload();
  await inspector.getByRole("region", { name: "What happened" }).waitFor();
  expect([await inspected(), await idAt(2)]).toEqual([first, first]);
  expect(await axeViolations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await inspector.waitFor({ state: "detached" });
  expect(await page.evaluate<string>("location.hash")).toBe("#/tasks?q=kind%3Amail.send");
  await page.locator("[data-row='2']:focus").waitFor();
  await world.host.enqueue("mail.send", { to: "latest@example.com" });
  await page.locator(`[data-task="${first}"] [data-row='3']`).waitFor();
  await page.goBack();
  await inspector.getByRole("region", { name: "What happened" }).waitFor();
  expect(await inspected()).toBe(first);
  expect(troubles).toEqual([]);
});

it("the inspector is made wider with the keyboard and with the pointer, and stays so; where there is no room it is a page", async () => {
  await using visited = await at(`tasks?task=${world.ids["failed"]}`);
  const { page, troubles } = visited;
  const edge = page.getByRole("separator", { name: "Width of the inspector" });
  const width = async (): Promise<number> => Number(await edge.getAttribute("aria-valuenow"));
  await edge.press("ArrowLeft");
  expect(await width()).toBe(520);
  await edge.hover();
  await page.mouse.down();
  await page.mouse.move(1_440 - 640, 400, { steps: 3 });
  await page.mouse.up();
  expect(await width()).toBe(640);
  await page.reload();
  await edge.waitFor();
  expect(await width()).toBe(640);
  await page.setViewportSize({ width: 900, height: 800 });
  await page.getByRole("heading", { level: 1, name: "billing.charge" }).waitFor();
  expect(await page.locator("[data-task]").count()).toBe(0);
  await page.keyboard.press("Escape");
  await page.locator("[data-row='0']").waitFor();
  await page.locator("[data-row='0']").click();
  await page.getByRole("region", { name: "What happened" }).waitFor();
  expect(page.url()).toContain("#/tasks/");
  expect(troubles).toEqual([]);
});

it("a span of a timeline is dragged over, looked at closely, and left again: with the pointer and with keys", async () => {
  await using visited = await at(`tasks/${world.ids["failed"]}`);
  const { page, troubles } = visited;
  const timeline = page.getByRole("region", { name: "Timeline" });
  const labels = (): Promise<readonly string[]> =>
    timeline.getByRole("button", { name: /look closer/ }).allTextContents();
  const track = timeline.locator("[data-brush]");
  await expect.poll(labels, soon).toEqual(["Attempt 1", "Attempt 2", "Attempt 3"]);
  const [box, last] = [
    await track.boundingBox(),
    await timeline.locator("li", { hasText: "Attempt 3" }).locator(".bg-bad-mark").boundingBox(),
  ];
  if (!box || !last) throw new Error("The timeline has no places.");
  await page.mouse.move(last.x - 2, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width + 30, box.y + 60, { steps: 4 });
  await shoot(page, "journey-brush");
  await page.mouse.up();
  await expect.poll(labels, soon).toEqual(["Attempt 3"]);
  await timeline.getByText(/^\d+ms of \d/).waitFor();
  await shoot(page, "journey-zoomed");
  expect(await axeViolations(page)).toEqual([]);
  await timeline.getByRole("button", { name: "Whole" }).click();
  await expect.poll(labels, soon).toEqual(["Attempt 1", "Attempt 2", "Attempt 3"]);
  await timeline.getByRole("group", { name: /^Timeline/ }).press("+");
  await timeline.getByRole("button", { name: "Whole" }).waitFor();
  await page.keyboard.press("Escape");
  await timeline.getByRole("button", { name: "Whole" }).waitFor({ state: "detached" });
  expect(page.url()).toContain("#/tasks/");
  await timeline.getByRole("button", { name: "Attempt 1, look closer" }).press("Enter");
  await expect.poll(labels, soon).toEqual(["Attempt 1"]);
  await page.keyboard.press("0");
  await expect.poll(labels, soon).toEqual(["Attempt 1", "Attempt 2", "Attempt 3"]);
  expect(troubles).toEqual([]);
});

it("a span of the day is dragged over, and becomes part of the query: with the pointer and with keys", async () => {
  await using visited = await at("tasks?q=state%3Afailed");
  const { page, troubles } = visited;
  const day = page.getByRole("list", { name: /^When they were made/ });
  const query = (): Promise<string> => page.getByLabel("Search tasks").inputValue();
  const dragOver = async (from: number, to: number): Promise<void> => {
    const box = await day.boundingBox();
    if (!box) throw new Error("The day has no place.");
    await page.mouse.move(box.x + box.width * from, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * to, box.y + 20, { steps: 4 });
    await shoot(page, "journey-day");
    await page.mouse.up();
  };
  await day.waitFor();
  await dragOver(0.01, 0.25);
  await expect.poll(query, soon).toMatch(/^state:failed age:10[2-5]\dm\.\.14[1-4]\dm$/);
  await page.getByText("Nothing matches").waitFor();
  await page
    .getByRole("list", { name: "Terms of the search" })
    .getByRole("button", { name: /^Take age/ })
    .click();
  await expect.poll(query, soon).toBe("state:failed");
  await dragOver(0.51, 0.99);
  await expect.poll(query, soon).toMatch(/^state:failed age:<(69|7[0-2])\dm$/);
  await page.getByText("14 matches").waitFor();
  await day.getByRole("link").last().press("Enter");
  await expect.poll(query, soon).toMatch(/^state:failed age:(<|1m\.\.)\d\d?m$/);
  // The world is young: a few columns of its day are as if it had been busy before.
  await page.route("**/histogram?*", async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as { parts: { count: number }[] };
    for (const part of [10, 20, 30]) Object.assign(answer.parts[part] ?? {}, { count: part });
    await route.fulfill({ response, json: answer });
  });
  await page.reload();
  await day.locator("[data-part='20']").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("Shift+ArrowLeft");
  await shoot(page, "journey-day-keys");
  expect(await axeViolations(page)).toEqual([]);
  await page.keyboard.press("Enter");
  await expect.poll(query, soon).toMatch(/^state:failed age:(4[89]|5[01])\dm\.\.11[1-4]\dm$/);
  expect(troubles).toEqual([]);
});

it("progress is shown while it is made, and the end by itself", async () => {
  const { task } = await world.host.enqueue("report.generate", { quarter: "Q2", pages: 8 });
  await using visited = await at(`tasks/${task.id}`);
  const { page, troubles } = visited;
  await page.getByText("50%", { exact: true }).first().waitFor();
  await page.getByText("rendering page 4 of 8").first().waitFor();
  world.open(task.id);
  await page.getByText("Succeeded on attempt 1").waitFor();
  await page.getByText("/reports/Q2.pdf").waitFor();
  await page.getByRole("tab", { name: /^Log/ }).click();
  await page.getByText("stored the file").first().waitFor();
  expect(troubles).toEqual([]);
});

it("a paused page counts what waits, and shows it when it goes on", async () => {
  await using visited = await at("tasks?q=kind%3Amail.send%20tag%3Anew");
  const { page } = visited;
  await page.getByText("Nothing matches").waitFor();
  await page.getByRole("button", { name: /^Live/ }).waitFor();
  await page.keyboard.press("p");
  await page.getByRole("button", { name: /^Paused/ }).waitFor();
  await world.host.enqueue("mail.send", { to: "new@example.com" }, { tags: ["new"] });
  await page.getByRole("button", { name: /[1-9]\d* changes? waiting/ }).waitFor();
  await shoot(page, "journey-paused");
  expect(await rowsOf(page)).toBe(0);
  await page.keyboard.press("p");
  await page.locator("[data-task]").waitFor();
});

it("what runs is asked to stop, and says so until it has", async () => {
  const { task } = await world.host.enqueue("report.generate", { quarter: "Q9", pages: 8 });
  await using visited = await at(`tasks/${task.id}`);
  const { page, troubles } = visited;
  await page.getByText("50%", { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText(/^Cancelled by ops@example.com/).waitFor();
  expect(troubles).toEqual([]);
});

it("some are selected and done, with a question before", async () => {
  await using visited = await at("tasks?q=kind%3Abilling.charge%20state%3Afailed");
  const { page, troubles } = visited;
  await page.locator("[data-task] input").first().click();
  await page
    .locator("[data-task] input")
    .nth(2)
    .click({ modifiers: ["Shift"] });
  await page.getByText("3 tasks selected").waitFor();
  await page.keyboard.press("r");
  await page.getByRole("dialog").getByRole("button", { name: "Retry 3 tasks" }).click();
  await page.getByText("3 tasks retried.").waitFor();
  expect(troubles).toEqual([]);
});

it("everything that matches is counted, asked about, and done by a task that can be watched", async () => {
  await using visited = await at("tasks?q=kind%3Abilling.charge%20state%3Afailed%20tag%3Aregion%3Aus");
  const { page, troubles } = visited;
  await page.locator("[data-task] input").first().click();
  await page.getByLabel("Search tasks").fill("kind:billing.charge tag:region:eu,region:us");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^Select all .* matching/ }).click();
  await page
    .getByRole("region", { name: "Selection" })
    .getByRole("button", { name: /^Retry/ })
    .click();
  await page
    .getByRole("heading", { name: /^Retry (at least )?1\d tasks matching kind:billing\.charge .* in STAGING\?$/ })
    .waitFor();
  await shoot(page, "journey-bulk");
  await page.getByLabel("Why, for those who look later").fill("the bank is back");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Retry 1\d tasks/ })
    .click();
  await page.getByRole("region", { name: "Bulk action" }).waitFor();
  await page.getByText("the bank is back", { exact: true }).waitFor();
  await page.getByText("Succeeded on attempt 1").waitFor({ timeout: 50_000 });
  await shoot(page, "journey-bulk-done");
  expect(troubles).toEqual([]);
});

it("a kind is paused with a reason, and goes on", async () => {
  await using visited = await at("kinds");
  const { page, troubles } = visited;
  await page.getByRole("button", { name: "Pause import.feed" }).click();
  await page.getByLabel("Why, for those who look later").fill("feed is broken");
  await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
  await page.getByText("feed is broken").waitFor();
  await page.getByRole("button", { name: "Resume import.feed" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Resume" }).click();
  await page.getByRole("button", { name: "Pause import.feed" }).waitFor();
  await page.goto(`${world.url}#/audit`);
  await page.getByText("feed is broken").waitFor();
  expect(troubles).toEqual([]);
});

it("failures that are resolved or ignored leave the list, and come back when they fail again or somebody says so", async () => {
  await using visited = await at("errors");
  const { page, troubles } = visited;
  const group = page.getByRole("listitem").filter({ hasText: "card_declined" });
  const tab = (name: RegExp) => page.getByRole("tab", { name });
  const declines = async (): Promise<void> => {
    const { task } = await world.host.enqueue("billing.charge", { customer: "cus_declined_8" });
    await expect(world.host.awaitResult(task.id)).rejects.toThrow("card_declined");
  };
  await group.getByRole("button", { name: "Resolve: PermanentError" }).click();
  await tab(/^Resolved 1$/).waitFor();
  expect(await group.count()).toBe(0);
  // The keyboard goes on where the group was.
  await page.locator("[role=tab]:focus").waitFor();
  await page.keyboard.press("ArrowRight");
  await group.getByText(/^resolved .* by ops@example.com$/).waitFor();
  expect(page.url()).toContain("#/errors?state=resolved");
  expect(await axeViolations(page)).toEqual([]);
  await declines();
  await page.goto(`${world.url}#/errors`);
  await page.reload();
  await group.getByText("came back").waitFor();
  await group.getByText(/by ops@example.com, 1 failure since$/).waitFor();
  await group.getByRole("button", { name: "Ignore until ×10: PermanentError" }).click();
  await tab(/^Ignored 1$/).click();
  await group.getByText(/until 20 more have failed/).waitFor();
  await shoot(page, "journey-errors-ignored");
  await page.getByRole("button", { name: "Undo" }).last().click();
  await page.getByText("Nothing is ignored").waitFor();
  await tab(/^Open/).click();
  await group.getByRole("button", { name: "Resolve: PermanentError" }).click();
  await tab(/^Resolved 1$/).click();
  await group.getByRole("button", { name: "Reopen: PermanentError" }).click();
  await tab(/^Open/).click();
  await group.waitFor();
  expect(await group.getByText("came back").count()).toBe(0);
  await page.goto(`${world.url}#/audit`);
  await page
    .getByRole("row", { name: /mark-failures/ })
    .first()
    .getByText("resolved → open")
    .waitFor();
  expect(troubles).toEqual([]);
});

it("failures cannot be marked where the page only reads, nor by whoever is kept to a tenant", async () => {
  await using reading = await world.serve({ readOnly: true });
  await using reader = await visit(browser, `${reading.url}#/errors?state=open`, wide);
  const button = reader.page.getByRole("button", { name: "Resolve: ECONNRESET" });
  await button.waitFor();
  expect([await button.isDisabled(), await button.getAttribute("title")]).toEqual([true, "This dashboard only reads."]);
  await using kept = await world.serve({ authorize: () => ({ user: "eve", can: "everything", tenantId: "" }) });
  await using tenant = await visit(browser, `${kept.url}#/errors?state=resolved`, wide);
  await tenant.page
    .getByRole("button", { name: /^Retry/ })
    .first()
    .waitFor();
  expect(await tenant.page.getByRole("tab").count()).toBe(0);
  expect(await tenant.page.getByRole("button", { name: /^(Resolve|Ignore|Reopen)/ }).count()).toBe(0);
  expect([...reader.troubles, ...tenant.troubles]).toEqual([]);
});

it("the overview says what is wrong, each with a way to it, and counts by itself", async () => {
  await using visited = await at("");
  const { page, troubles } = visited;
  await page.getByRole("region", { name: "Needs attention" }).getByText("no host serves this kind").waitFor();
  await page.getByRole("button", { name: "As a table" }).first().click();
  await page.getByRole("group", { name: "Throughput as a table" }).waitFor();
  await page.getByRole("link", { name: "View failures" }).click();
  await page.locator("[data-task]").first().waitFor();
  expect(page.url()).toContain("billing.charge");
  expect(troubles).toEqual([]);
});

it("the charts are there for a browser whose language is none, as that of Chromium on many a server", async () => {
  await using visited = await visit(browser, world.url, { ...wide, language: "en-US@posix" });
  const { page, troubles } = visited;
  await page.getByRole("heading", { name: "Needs attention" }).waitFor(soon);
  await page.locator(".uplot").first().waitFor(soon);
  expect(troubles).toEqual([]);
});

it("a schedule shows its rule and next runs in both zones, runs now, skips, and is paused beside its code", async () => {
  await using visited = await at("schedules");
  const { page, troubles } = visited;
  await page.getByRole("button", { name: /nightly-rollup/ }).click();
  await page
    .getByRole("region", { name: "Next runs" })
    .getByText(/02:30:00/)
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Skip next" }).click();
  await page.getByText("Its next run is skipped.").waitFor();
  await page.getByRole("button", { name: "Run now" }).click();
  await page.getByLabel(/Another input/).fill('{ "quarter": "Q4", "pages": 1 }');
  await page.getByRole("dialog").getByRole("button", { name: "Run now" }).click();
  await page.getByRole("region", { name: "Last runs" }).waitFor();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByRole("button", { name: "Resume", exact: true }).click();
  await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
  expect(troubles).toEqual([]);
});

it("a run that was missed is a hollow tick on the day, and says why", async () => {
  await using visited = await at("schedules");
  const { page, troubles } = visited;
  const row = page.getByRole("row").filter({ hasText: "price-sync" });
  const day = row.getByRole("img", { name: /, 1 run missed in the last 12$/ });
  const tick = day.getByTitle("missed: ");
  await tick.waitFor();
  expect(await tick.getAttribute("title")).toMatch(/ · missed: no host was there/);
  const [ground, edge, surface] = await page.evaluate<readonly string[]>(`
    [["[title*='missed: ']", "backgroundColor"], ["[title*='missed: ']", "borderTopColor"], [".panel", "backgroundColor"]]
      .map(([of, what]) => getComputedStyle(document.querySelector(of))[what])`);
  expect([ground === surface, edge === ground]).toEqual([true, false]);
  expect(await row.getByText("missed").count()).toBe(1);
  await row.getByRole("button", { name: "price-sync" }).click();
  await page
    .getByRole("region", { name: "Last runs" })
    .getByText(/^missed: no host was there/)
    .waitFor();
  await shoot(page, "journey-missed");
  expect(troubles).toEqual([]);
});

it("a task runs again with another input, and the copy says of what it is one", async () => {
  await using visited = await at(`tasks/${world.ids["declined"]}`);
  const { page, troubles } = visited;
  await page.getByText("Failed for good").waitFor();
  await page.keyboard.press("e");
  const dialog = page.getByRole("dialog", { name: "Run billing.charge with another input" });
  const box = dialog.getByLabel("Input, as JSON");
  expect(JSON.parse(await box.inputValue())).toEqual({ customer: "cus_declined_7" });
  await box.fill('{ "customer": ');
  await dialog.getByRole("status").filter({ hasText: /JSON/ }).waitFor();
  expect(await dialog.getByRole("button", { name: "Run" }).isDisabled()).toBe(true);
  expect(await axeViolations(page)).toEqual([]);
  await box.fill('{ "customer": "cus_declined_8" }');
  await dialog.getByRole("button", { name: "Run" }).click();
  await page.getByText("the bank refused cus_declined_8").first().waitFor();
  expect(page.url()).not.toContain(world.ids["declined"]);
  await page
    .locator("dl")
    .getByRole("link", { name: shortId(world.ids["declined"] ?? "") })
    .click();
  await page.getByText("the bank refused cus_declined_7").first().waitFor();
  expect(troubles).toEqual([]);
});

it("a host is drained, takes nothing while it is, and takes tasks again", async () => {
  await using visited = await at("hosts");
  const { page, troubles } = visited;
  await page.getByRole("button", { name: "Drain media-2" }).click();
  await page.getByRole("row").filter({ hasText: "Draining" }).waitFor();
  await shoot(page, "journey-draining");
  const { task } = await world.host.enqueue("mail.send", { to: "patient@example.com" });
  await page.goto(`${world.url}#/tasks/${task.id}`);
  await page
    .getByText(/takes no more tasks/)
    .first()
    .waitFor();
  await page.goto(`${world.url}#/hosts`);
  await page.getByRole("button", { name: "Undrain media-2" }).click();
  await page.getByRole("button", { name: "Drain media-2" }).waitFor();
  await page.goto(`${world.url}#/tasks/${task.id}`);
  await page.getByText("Succeeded on attempt 1").waitFor();
  expect(troubles).toEqual([]);
});

it("S7, S8: hostile payloads stand there as text, and nothing of them runs", async () => {
  await using visited = await at(`tasks/${world.ids["hostile"]}`);
  const { page, troubles } = visited;
  await page.getByText("<script>window.hacked").first().waitFor();
  await page.getByRole("tab", { name: /^Input/ }).click();
  await page.getByText("<img src=x onerror=alert(1)>").first().waitFor();
  await page.getByRole("tab", { name: /^Log/ }).click();
  await page.getByText("<script>alert(1)</script>").first().waitFor();
  expect(
    await page.evaluate("[window.hacked === undefined, document.querySelectorAll('main script, main img').length]"),
  ).toEqual([true, 0]);
  expect(troubles).toEqual([]);
});

it("a long value is shown in part, found in, and never all in the page", async () => {
  await using visited = await at(`tasks/${world.ids["big"]}`);
  const { page } = visited;
  await page.getByRole("tab", { name: /^Result/ }).click();
  await page.getByRole("button", { name: /^Show more/ }).click();
  await page.getByLabel("Find in result").fill("row 3999");
  await page.getByText('"row 3999"').waitFor();
  expect(await page.locator("[aria-label='result as JSON'] > div > div").count()).toBeLessThan(80);
});

it("the dark theme is chosen, kept, and there before the page is", async () => {
  await using visited = await at("settings");
  const { page, troubles } = visited;
  await page.getByLabel("Dark").check();
  await page.locator("[data-theme=dark]").waitFor();
  await page.reload();
  await page.locator("[data-theme=dark]").waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
  await shoot(page, "journey-keys");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(troubles).toEqual([]);
});

it("the settings say which version the page is of, and lead to what its API is", async () => {
  await using visited = await at("settings");
  const { page, troubles } = visited;
  const about = page.getByRole("region", { name: "About" });
  await about.getByText(`Version ${dashboard.version}`).waitFor();
  const address = await about.getByRole("link", { name: "OpenAPI document" }).getAttribute("href");
  const { openapi } = (await (await page.request.get(address ?? "")).json()) as { readonly openapi: string };
  expect(openapi).toMatch(/^3\.1/);
  expect(troubles).toEqual([]);
});

it("the settings say what the tasks are kept in, and nothing of it to whoever is kept to a tenant", async () => {
  await using visited = await at("settings");
  const { page, troubles } = visited;
  const storage = page.getByRole("region", { name: "Storage" });
  await storage.getByText(/^SQLite 3\.\d+/).waitFor();
  await storage.getByText(/^Version \d+, as this process needs it$/).waitFor();
  await storage.getByText(/^[\d.]+ [kM]B$/).waitFor();
  await storage.getByRole("link", { name: / ago$/ }).click();
  await page.getByRole("heading", { level: 1, name: "mail.send" }).waitFor();
  await page.goBack();
  await storage.getByRole("link").first().click();
  await page.locator("[data-task]").first().waitFor();
  await using other = await world.serve({ authorize: () => ({ user: "eve", can: "everything", tenantId: "acme" }) });
  await using tenant = await visit(browser, `${other.url}#/settings`, wide);
  await tenant.page.getByText("acme", { exact: true }).waitFor();
  expect(await tenant.page.getByRole("region", { name: "Storage" }).count()).toBe(0);
  expect([...troubles, ...tenant.troubles]).toEqual([]);
});

it("the settings say what is kept, and what another policy would remove, also to whoever only reads", async () => {
  await using other = await world.serve({ readOnly: true });
  await using visited = await visit(browser, `${other.url}#/settings`, wide);
  const { page, troubles } = visited;
  const panel = page.getByRole("region", { name: "Retention" });
  await panel.getByText("succeeded 7d, failed at most 1,000 a kind, cancelled for ever").waitFor();
  await panel.getByText(/ ago$|^now$/).waitFor();
  const days = panel.getByRole("spinbutton", { name: "succeeded" });
  expect(await days.inputValue()).toBe("7");
  await panel.getByRole("button", { name: "Preview" }).click();
  await panel.getByText("Nothing would be removed.").waitFor();
  await days.fill("0");
  await days.press("Enter");
  await panel.getByText(/^Would remove \d+ tasks now, about [\d.]+ [kM]B: \d+ succeeded\.$/).waitFor();
  await shoot(page, "journey-retention");
  expect((await world.host.getTask(world.ids["succeeded"] ?? ""))?.state).toBe("succeeded");
  await using whole = await world.serve({ authorize: () => ({ user: "eve", can: "everything", tenantId: "acme" }) });
  await using tenant = await visit(browser, `${whole.url}#/settings`, wide);
  await tenant.page.getByText("acme", { exact: true }).waitFor();
  expect(await tenant.page.getByRole("region", { name: "Retention" }).count()).toBe(0);
  expect([...troubles, ...tenant.troubles]).toEqual([]);
});

it.each([1_440, 390])(
  "%i px: the doctor looks when it is asked, by keyboard too, and says what to do",
  async (width) => {
    await world.host.pause({ kind: "report.generate" }, { by: "ada" });
    await using visited = await visit(browser, `${world.url}#/settings`, {
      theme: width < 500 ? "dark" : "light",
      width,
    });
    const { page, troubles } = visited;
    const storage = page.getByRole("region", { name: "Storage" });
    const checks = storage.getByRole("list", { name: "Checks" });
    const button = storage.getByRole("button", { name: "Run doctor" });
    await button.waitFor();
    expect(await checks.count()).toBe(0);
    await button.focus();
    await page.keyboard.press("Enter");
    await storage
      .getByRole("status")
      .getByText(/^Looked (?:now|\d+s ago)$/)
      .waitFor();
    await checks.getByText("All tables and indexes are there and whole.").waitFor();
    await checks.getByText(/^problem: .*No live host has it/).waitFor();
    expect(await checks.getByRole("listitem").first().textContent()).toContain("problem");
    expect(await page.evaluate<string>("document.activeElement.textContent")).toBe("Run doctor");
    expect(await axeViolations(page)).toEqual([]);
    expect(await overhang(page)).toBeLessThanOrEqual(0);
    await checks.scrollIntoViewIfNeeded();
    await shoot(page, `journey-doctor-${width}`);
    await world.host.resume({ kind: "report.generate" });
    expect(troubles).toEqual([]);
  },
);

it.each([1_440, 390])("%i px: limits say who set them, are changed, and are taken back", async (width) => {
  await using visited = await visit(browser, `${world.url}#/settings`, {
    theme: width < 500 ? "light" : "dark",
    width,
  });
  const { page, troubles } = visited;
  const limits = page.getByRole("region", { name: "Limits" });
  await limits.getByText("No kind has a limit.").waitFor();
  await limits.getByLabel("Kind to be limited").selectOption("mail.send");
  await limits.getByRole("spinbutton", { name: "Limit of mail.send" }).fill("2");
  await page.keyboard.press("Enter");
  await limits.getByText(/^code says nothing, override 2 by ops@example\.com, .*, \d+ held now$/).waitFor();
  await limits.getByRole("spinbutton", { name: "Limit of mail.send" }).fill("3");
  await limits.getByRole("button", { name: "Change the limit of mail.send" }).click();
  await limits.getByText(/override 3 by/).waitFor();
  await expect.poll(() => limits.getByRole("spinbutton", { name: "Limit of mail.send" }).inputValue()).toBe("3");
  await limits.getByRole("button", { name: "Reset the limit of mail.send" }).scrollIntoViewIfNeeded();
  await shoot(page, `journey-limits-${width}`);
  // Neither what was said at the edge of the page nor its bars may lie over what is judged.
  await page.getByText("3 at once").waitFor({ state: "detached" });
  await page.evaluate("document.querySelector('[aria-label=Appearance]').scrollIntoView({ block: 'end' })");
  expect(await axeViolations(page)).toEqual([]);
  expect(await overhang(page)).toBeLessThanOrEqual(0);
  await limits.getByRole("button", { name: "Reset the limit of mail.send" }).click();
  await limits.getByText("No kind has a limit.").waitFor();
  expect(troubles).toEqual([]);
});

it("whoever may not change anything sees what and why, and no limits of others", async () => {
  await world.host.setLimit({ type: "kind", kind: "mail.send" }, 4, { by: "ada" });
  await using reading = await world.serve({ readOnly: true });
  await using visited = await visit(browser, `${reading.url}#/settings`, wide);
  const { page, troubles } = visited;
  const access = page.getByRole("region", { name: "Access" });
  await access.getByText("tasks", { exact: false }).first().waitFor();
  await access
    .getByText(/^enqueue, retry, cancel, .* tasks; add, pause, .* schedules; drain hosts, set limit/)
    .waitFor();
  await access.getByText("This dashboard changes nothing, whoever asks.").waitFor();
  const reset = page.getByRole("button", { name: "Reset the limit of mail.send" });
  await reset.waitFor();
  expect(await reset.isDisabled()).toBe(true);
  expect(await reset.getAttribute("title")).toBe("This dashboard only reads.");
  await shoot(page, "journey-access");
  await world.host.setLimit({ type: "kind", kind: "mail.send" }, null);
  await using other = await world.serve({ authorize: () => ({ user: "eve", can: ["read"], tenantId: "acme" }) });
  await using tenant = await visit(browser, `${other.url}#/settings`, wide);
  await tenant.page.getByText("Whoever set up this dashboard gives out rights.").waitFor();
  expect(await tenant.page.getByRole("region", { name: "Limits" }).count()).toBe(0);
  expect([...troubles, ...tenant.troubles]).toEqual([]);
});

it("S4: a page that only reads says why there is nothing to press", async () => {
  await using other = await world.serve({ readOnly: true });
  await using visited = await visit(browser, `${other.url}#/tasks/${world.ids["hostile"]}`, wide);
  const { page } = visited;
  await page.getByText("Failed for good").waitFor();
  expect(await page.getByRole("button", { name: /^Retry/ }).count()).toBe(0);
  await page.getByRole("button", { name: "More" }).click();
  await page.getByText('You lack the right "retry".').waitFor();
});
