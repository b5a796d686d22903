import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** A file of the page, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same, smaller; null for what is packed already. */
  readonly gzipped: Uint8Array<ArrayBuffer> | null;
  /** Its name changes with what is in it. */
  readonly isLasting: boolean;
}

/** All files of the page. */
export interface PageFiles {
  readonly index: string;
  /** By name as the page asks for it: `theme.js`, `assets/….js`. */
  readonly byName: ReadonlyMap<string, PageFile>;
}

const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};
const pack = promisify(gzip);

/** Reads the files that the build has left; they stay in memory. Rejects when there are none. */
export async function readPageFiles(folder: URL = builtFolder()): Promise<PageFiles> {
  const index = await readFile(new URL("index.html", folder), "utf8");
  const names = [...(await namesIn(folder, "")), ...(await namesIn(folder, "assets/"))];
  const files = await Promise.all(names.map(async (name) => [name, await pageFile(folder, name)] as const));
  return { index, byName: new Map(files) };
}

/** The sources lie beside `dist`, what is built of them within. */
function builtFolder(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "../../dist/ui/" : "./ui/", import.meta.url);
}

async function namesIn(folder: URL, prefix: string): Promise<readonly string[]> {
  const entries = await readdir(new URL(prefix === "" ? "./" : prefix, folder), { withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && extensionOf(entry.name) in types).map(({ name }) => prefix + name);
}

async function pageFile(folder: URL, name: string): Promise<PageFile> {
  const bytes = new Uint8Array(await readFile(new URL(name, folder)));
  const extension = extensionOf(name);
  return {
    type: types[extension] ?? "application/octet-stream",
    bytes,
    gzipped: extension === "woff2" ? null : new Uint8Array(await pack(bytes)),
    isLasting: name.startsWith("assets/"),
  };
}

function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
