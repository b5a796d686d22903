/** What the server said of this page. */
export interface PageSettings {
  readonly title: string;
  readonly environment: null | { readonly name: string; readonly tone: "calm" | "careful" | "danger" };
}

/** They stand in an attribute: a strict policy lets no script stand in the page. */
export const pageSettings: PageSettings = read();

function read(): PageSettings {
  const text = document.querySelector('meta[name="millrace-settings"]')?.getAttribute("content") ?? "";
  return text === "" ? { title: "Millrace", environment: null } : (JSON.parse(text) as PageSettings);
}
