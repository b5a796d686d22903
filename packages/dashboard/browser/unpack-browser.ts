import { findBrowser } from "./open-browser.ts";

/** Before the tests: two files that unpack it at once would start what the other is still writing. */
export async function setup(): Promise<void> {
  await findBrowser();
}
