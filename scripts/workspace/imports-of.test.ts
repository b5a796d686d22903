import { expect, it } from "vitest";
import { importsOf, packageOf } from "./imports-of.ts";

it("finds static, bare, type, re-exported and dynamic imports, and skips comments", () => {
  const source = [
    `import { a } from "one";`,
    `import type {`,
    `  B,`,
    `} from "@two/b";`,
    `import "three/deep";`,
    `export { c } from "./four.ts";`,
    `const d = await import("five");`,
    `// import { no } from "commented";`,
    `/* import "commented-too"; */`,
  ].join("\n");
  expect(importsOf(source).toSorted()).toEqual(["./four.ts", "@two/b", "five", "one", "three/deep"]);
});

it("names the package of a deep specifier", () => {
  expect(packageOf("@millrace/live/socket-io")).toBe("@millrace/live");
  expect(packageOf("vitest/config")).toBe("vitest");
});
