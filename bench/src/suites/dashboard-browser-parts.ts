import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createDashboardHandler } from "@millrace/dashboard";
import { buildPage } from "@millrace/dashboard-server";
import { createTaskClient } from "@millrace/engine";
import { toNodeListener } from "@millrace/http/node";
import { silentLogger, type TaskStore } from "@millrace/models";
import sparticuz from "@sparticuz/chromium";
import { chromium, type Browser } from "playwright-core";
import { LeftOutError } from "../harness/left-out-error.ts";

/** Something that is served. */
export interface Served extends AsyncDisposable {
  readonly url: string;
}

/** Serves the dashboard of a store; the page is built where nobody has built it yet. */
export async function serveDashboard(store: TaskStore): Promise<Served> {
  await buildPage();
  const client = createTaskClient({ store, allowUnknownKinds: true });
  const authorize = () => ({ user: "bench", can: "everything" }) as const;
  const handler = createDashboardHandler({ api: { client, authorize, logger: silentLogger, limits: { rate: null } } });
  const server = createServer(toNodeListener(handler)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const demoEntry = fileURLToPath(new URL("../../../apps/demo-worker/src/main.ts", import.meta.url));

/** Starts the demo as `pnpm demo` does, and waits until it names its dashboard, or until its report is there. */
export async function startDemo(folder: string, until: "dashboard" | "report"): Promise<Served> {
  await buildPage();
  const flags = ["--conditions=@millrace/source", demoEntry, "--folder", join(folder, "demo"), "--port", "0", "--keep"];
  const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "ignore"] });
  const sign = until === "dashboard" ? /^Dashboard: (\S+)/ : /^The dashboard stays at (\S+)/;
  const url = await new Promise<string>((resolve, reject) => {
    // Read to its end: a demo that nobody listens to would stand still.
    createInterface(child.stdout).on("line", (line) => {
      const [, found] = sign.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", (code) => reject(new Error(`The demo ended with ${code} before its time.`)));
  });
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      if (child.signalCode === null) await once(child, "exit");
    },
  };
}

/** Opens the Chromium of `CHROMIUM` or of the machine, or on Linux the one that ships in an npm package. */
export async function openBrowser(): Promise<Browser> {
  const own =
    process.env["CHROMIUM"] ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));
  if (own === undefined && process.platform !== "linux") throw new LeftOutError("no Chromium: name one in CHROMIUM");
  return chromium.launch({ executablePath: own ?? (await sparticuz.executablePath()), args: ["--no-sandbox"] });
}

/** A page that notes how long ago was told what it shows. */
export interface TellingPage extends AsyncDisposable {
  /** So many delays from now on, in ms. */
  delays(count: number): Promise<readonly number[]>;
}

const observer = `
  globalThis.delays = [];
  let last = "";
  new MutationObserver(() => {
    const told = /told at (\\d+)/.exec(document.body.textContent)?.[1];
    if (told === undefined || told === last) return;
    last = told;
    delays.push(Date.now() - Number(told));
  }).observe(document.body, { subtree: true, childList: true, characterData: true });`;

/** Opens a page that shows the words of a `Telling`. */
export async function openPage(browser: Browser, url: string): Promise<TellingPage> {
  const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
  await page.goto(url);
  await page.getByText("told at ").first().waitFor({ state: "attached" });
  await page.evaluate(observer);
  return {
    async delays(count) {
      // The policy of the page lets nothing be made of text in it, so it cannot be waited for there.
      while ((await page.evaluate<number>("delays.length")) < count) await page.waitForTimeout(500);
      return page.evaluate<readonly number[]>(`delays.slice(0, ${count})`);
    },
    [Symbol.asyncDispose]: () => page.close(),
  };
}

/** Opens the overview so often, each time with a profile that knows nothing; times from the navigation, in ms. */
export async function firstPaints(
  browser: Browser,
  url: string,
  count: number,
): Promise<{ readonly firstMs: readonly number[]; readonly shownMs: readonly number[] }> {
  const [firstMs, shownMs]: [number[], number[]] = [[], []];
  for (let load = 0; load < count; load += 1) {
    await using page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
    await page.goto(url);
    await page.locator("[aria-label='Queued']").waitFor();
    shownMs.push(await page.evaluate<number>("performance.now()"));
    firstMs.push(
      await page.evaluate<number>(`new Promise((resolve) => {
        const see = (list) => list.getEntriesByName("first-contentful-paint").forEach(({ startTime }) => resolve(startTime));
        new PerformanceObserver(see).observe({ type: "paint", buffered: true });
      })`),
    );
  }
  return { firstMs, shownMs };
}
