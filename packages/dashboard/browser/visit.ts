import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import axe, { type AxeResults } from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";

/** A page that writes down what goes wrong in it. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** Errors and warnings of its console, errors it threw, and requests that left its origin. */
  readonly troubles: string[];
}

/** How a page is looked at. */
export interface Look {
  readonly theme: "light" | "dark";
  readonly width: number;
  /** What the browser says that its user speaks. @defaultValue English */
  readonly language?: string;
}

const folder = fileURLToPath(new URL("../screenshots/", import.meta.url));

/** Opens a page of a world in a browser that knows nothing yet. */
export async function visit(browser: Browser, url: string, { theme, width, language }: Look): Promise<Visit> {
  const context: BrowserContext = await browser.newContext({
    colorScheme: theme,
    viewport: { width, height: width < 500 ? 844 : 900 },
    reducedMotion: "reduce",
    timezoneId: "Europe/Berlin",
    locale: "en-GB",
  });
  if (language !== undefined) {
    await context.addInitScript(`Object.defineProperty(navigator, "language", { value: ${JSON.stringify(language)} })`);
  }
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      troubles.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`thrown: ${error.message}`));
  page.on("dialog", (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(new URL(url).origin) && !address.startsWith("data:")) troubles.push(`left: ${address}`);
  });
  await page.goto(url);
  return { page, troubles, [Symbol.asyncDispose]: () => context.close() };
}

const rules: readonly string[] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds wrong, in words. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  if (await page.evaluate<boolean>("typeof axe === 'undefined'")) await page.evaluate(axe.source);
  const options = { runOnly: rules, resultTypes: ["violations"] };
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`);
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 3).map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ""}`);
    return `${id}: ${help}: ${places.join(" | ")}`;
  });
}

/** By how many pixels a page is wider than its window. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
}

/** Keeps what the page looks like. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}.png` });
}
