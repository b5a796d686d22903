import { expect, it } from "vitest";
import { readInterface } from "./read-interface.ts";

const source = `
export interface Other { readonly name: string }
/** All of it. */
export interface Options<T = never> extends Omit<Other, "name"> {
  /** How long; \`0\` = not at all. @defaultValue 30_000 */
  readonly leaseMs?: number;
  // Not for readers.
  readonly retry:
    | { readonly type: "fixed"; /** Ms. */ readonly delayMs: number }
    | null;
  /**
   * Two lines
   * of text. @throws \`OPTION_INVALID\`
   */
  start(
    at: number,
    options?: { readonly x: number },
  ): Promise<void>;
  readonly "~types"?: unknown;
}
`;

it("reads fields and methods with their comments, defaults and errors", () => {
  expect(readInterface(source, "Options")).toEqual([
    {
      name: "leaseMs",
      isOptional: true,
      type: "number",
      text: "How long; `0` = not at all.",
      fallback: "30_000",
      throws: null,
    },
    {
      name: "retry",
      isOptional: false,
      type: '{ readonly type: "fixed"; readonly delayMs: number } | null',
      text: "",
      fallback: null,
      throws: null,
    },
    {
      name: "start",
      isOptional: false,
      type: "(at: number, options?: { readonly x: number }): Promise<void>",
      text: "Two lines of text.",
      fallback: null,
      throws: "`OPTION_INVALID`",
    },
    { name: "~types", isOptional: true, type: "unknown", text: "", fallback: null, throws: null },
  ]);
});

it("refuses a name that is not there, and a member it cannot read", () => {
  expect(() => readInterface(source, "Missing")).toThrow("no exported interface Missing");
  expect(() => readInterface("export interface A {\n  (x: number): void;\n}\n", "A")).toThrow("not the member");
});
