import { readFile } from "node:fs/promises";

/** The parsed content of a file that this demo wrote itself, or `null` when there is no such file. */
export async function readJsonFile<Content>(path: string): Promise<Content | null> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Content;
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, "code") === "ENOENT") return null;
    throw error;
  }
}
