import { Window } from "happy-dom";
import type { ReactNode } from "react";

/** A page in which React renders. */
export interface Browser extends AsyncDisposable {
  /** Renders, and waits until React has come to rest. */
  render(node: ReactNode): Promise<void>;
  /** What the page says. */
  text(): string;
  /** Turns until the page says so. */
  untilText(wanted: string | RegExp): Promise<void>;
  unmount(): Promise<void>;
}

/** Opens a page; React is loaded only then, because it looks for a document as it loads. */
export async function openBrowser(): Promise<Browser> {
  const window = new Window();
  const globals = { window, document: window.document, IS_REACT_ACT_ENVIRONMENT: true };
  for (const [name, value] of Object.entries(globals)) Reflect.set(globalThis, name, value);
  const [{ act }, { createRoot }] = await Promise.all([import("react"), import("react-dom/client")]);
  const container = window.document.createElement("div");
  const root = createRoot(container);
  const turn = (): Promise<void> => act(() => new Promise<void>((resolve) => setImmediate(resolve)));
  const text = (): string => container.textContent ?? "";
  const browser: Browser = {
    render: (node) => act(async () => root.render(node)),
    text,
    async untilText(wanted) {
      const isThere = (): boolean => (typeof wanted === "string" ? text() === wanted : wanted.test(text()));
      while (!isThere()) await turn();
    },
    unmount: () => act(async () => root.unmount()),
    async [Symbol.asyncDispose]() {
      await browser.unmount();
      await window.happyDOM.close();
      for (const name of Object.keys(globals)) Reflect.deleteProperty(globalThis, name);
    },
  };
  return browser;
}
