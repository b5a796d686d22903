import { globSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readText, ROOT } from "../workspace/read-workspace.ts";
import { fillCode } from "./guide-code.ts";

const source = [
  'import { a } from "a";',
  "",
  "{",
  "  // #region inner",
  "  a({",
  "    // #region deep",
  "    deep: true,",
  "    // #endregion",
  "  });",
  "  // #endregion",
  "}",
  "",
].join("\n");
const read = (path: string): string => {
  if (path === "examples/x/main.ts") return source;
  throw new Error(`no file ${path}`);
};
const page = (mark: string, fence = "```ts\nold\n```"): string => `# T\n\n${mark}\n\n${fence}\n\nand on\n`;

describe("fillCode", () => {
  it("puts the whole file, without its marks, in place of what stood there", () => {
    const whole = 'import { a } from "a";\n\n{\n  a({\n    deep: true,\n  });\n}';
    expect(fillCode("p.md", page("<!-- code: examples/x/main.ts -->"), read)).toBe(
      page("<!-- code: examples/x/main.ts -->", `\`\`\`ts\n${whole}\n\`\`\``),
    );
  });

  it("puts a region at the left edge, regions inside it included", () => {
    const mark = "<!-- code: examples/x/main.ts#inner -->";
    expect(fillCode("p.md", page(mark, "```\n```"), read)).toBe(page(mark, "```ts\na({\n  deep: true,\n});\n```"));
  });

  it("fills each slot of a page, leaves other fences alone, and does nothing the second time", () => {
    const text = `${page("<!-- code: examples/x/main.ts#deep -->")}\n${page("text")}\n${page("<!-- code: examples/x/main.ts#inner -->")}`;
    const filled = fillCode("p.md", text, read);
    expect(filled.match(/deep: true/g)).toHaveLength(2);
    expect(filled.match(/^old$/gm)).toHaveLength(1);
    expect(fillCode("p.md", filled, read)).toBe(filled);
  });

  it.each([
    ["<!-- code: examples/x/gone.ts -->", undefined, "no file examples/x/gone.ts"],
    ["<!-- code: examples/x/main.ts#gone -->", undefined, 'no region "gone"'],
    ["<!-- code: examples/x/main.ts -->", "no fence", "p.md: 1 code marks, but 0"],
  ])("refuses %s", (mark, fence, message) => {
    expect(() => fillCode("p.md", page(mark, fence), read)).toThrow(message);
  });

  it("refuses a region that is never closed", () => {
    const open = (): string => "// #region a\nx\n";
    expect(() => fillCode("p.md", page("<!-- code: f.ts#a -->"), open)).toThrow('region "a" has no end');
  });
});

const guides = ["README.md", "docs/{tutorial,how-to,explanation}/*.md", "packages/*/README.md"];

it.each(globSync(guides, { cwd: ROOT }))("%s shows no TypeScript but that of programs that run", (path) => {
  const lines = readText(path).split("\n");
  const loose = lines.flatMap((line, at) => {
    const above = lines.slice(0, at).findLast((before) => before !== "") ?? "";
    return /^`{3,}(ts|js)/.test(line) && !above.startsWith("<!-- code: ") ? [at + 1] : [];
  });
  expect(loose).toEqual([]);
});
