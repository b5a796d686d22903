import { existsSync } from "node:fs";
import sparticuz from "@sparticuz/chromium";
import { chromium, type Browser } from "playwright-core";

const usual: readonly string[] = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
];

/** Opens the Chromium of `CHROMIUM`, that of the machine, or on Linux the one that ships in an npm package. */
export async function openBrowser(): Promise<Browser> {
  const named = process.env["CHROMIUM"];
  const own = named ?? usual.find((path) => existsSync(path));
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"];
  if (own !== undefined && own !== "npm") return chromium.launch({ executablePath: own, args });
  if (process.platform !== "linux") throw new Error("There is no Chromium here: install one, or name it in CHROMIUM.");
  return chromium.launch({ executablePath: await sparticuz.executablePath(), args });
}
