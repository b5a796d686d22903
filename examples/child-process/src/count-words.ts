import { readFile } from "node:fs/promises";
import { defineTaskHandler } from "millrace";

/** Runs in a child process: it may block, leak or crash without harming the host. */
export const handler = defineTaskHandler<{ path: string }, { words: number; pid: number }>({
  async run(input, context) {
    const text = await readFile(input.path, { encoding: "utf8", signal: context.signal });
    const words = text.split(/\s+/).filter(Boolean).length;
    await context.appendStep({ message: `counted ${words} words` });
    return { words, pid: process.pid };
  },
});
