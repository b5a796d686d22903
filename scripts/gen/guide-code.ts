import { globSync } from "node:fs";
import { posix } from "node:path";
import { readText, ROOT } from "../workspace/read-workspace.ts";
import type { GeneratedFile } from "./generated-file.ts";

const pages = ["README.md", "docs/**/*.md", "packages/*/README.md", "examples/*/README.md", "apps/*/README.md"];

// <!-- code: PATH#REGION --> and the fence after it; what stands in the fence is replaced.
const slot =
  /(?<mark><!-- code: (?<path>[^\s#]+)(?:#(?<region>[\w-]+))? -->\n\n?)(?<fence>`{3,})(?<language>\w*)\n(?<old>[\s\S]*?)^\k<fence>$/gm;
const regionMark = /^\s*\/\/ #(?:region (?<name>[\w-]+)|endregion)\s*$/;

/** Every page whose code comes from a program that CI runs: a guide can then say nothing that does not work. */
export function guideCode(): readonly GeneratedFile[] {
  return globSync([...pages], { cwd: ROOT, exclude: (path) => path.endsWith("node_modules") })
    .map((path) => path.replaceAll("\\", "/"))
    .toSorted()
    .map((path) => ({ path, before: readText(path) }))
    .filter(({ before }) => before.includes("<!-- code: "))
    .map(({ path, before }) => ({ path, text: fillCode(path, before, readText) }));
}

/**
 * Fills every fence that stands under a `<!-- code: path -->` mark, from the root, or under `<!-- code: path#region -->`.
 * A mark without a fence, a missing file and a missing region throw: a slot that stays as it is would be a lie in waiting.
 */
export function fillCode(page: string, text: string, read: (path: string) => string): string {
  const marks = text.match(/^<!-- code: .*-->$/gm)?.length ?? 0;
  const slots = text.match(slot)?.length ?? 0;
  if (marks !== slots) throw new Error(`${page}: ${marks} code marks, but ${slots} of them have a fence below`);
  return text.replaceAll(slot, (...groups: readonly unknown[]) => {
    const { mark, path, region, fence, language } = groups.at(-1) as Readonly<Record<string, string | undefined>>;
    const code = codeOf(path ?? "", region, read);
    const word = language === "" ? posix.extname(path ?? "").slice(1) : language;
    return `${mark}${fence}${word}\n${code}\n${fence}`;
  });
}

/** A file without its region marks, or one region of it, moved to the left edge. */
function codeOf(path: string, region: string | undefined, read: (path: string) => string): string {
  const lines = read(path).trimEnd().split("\n");
  if (region === undefined) return lines.filter((line) => !regionMark.test(line)).join("\n");
  const open: string[] = [];
  const found: string[] = [];
  let isFound = false;
  for (const line of lines) {
    const mark = regionMark.exec(line);
    if (!mark) {
      if (open.includes(region)) found.push(line);
      continue;
    }
    const name = mark.groups?.["name"];
    if (name === undefined) open.pop();
    else open.push(name);
    isFound ||= name === region;
  }
  if (!isFound) throw new Error(`${path} has no region "${region}"`);
  if (open.length > 0) throw new Error(`${path}: region "${open.join('", "')}" has no end`);
  return dedent(found).join("\n").trim();
}

function dedent(lines: readonly string[]): readonly string[] {
  const depths = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const depth = Math.min(...depths);
  return lines.map((line) => line.slice(depth));
}
