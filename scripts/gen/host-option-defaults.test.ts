import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { readText, ROOT } from "../workspace/read-workspace.ts";
import { readInterface } from "./read-interface.ts";

// The reference of host options is made of their comments; here the comments are held against what the engine does.
const members = readInterface(readText("packages/engine/src/host/host-options.ts"), "RunnerOptions");
const { resolveRunner } = (await import(pathToFileURL(`${ROOT}/packages/engine/src/host/resolve-runner.ts`).href)) as {
  readonly resolveRunner: (options: object, random: object) => Readonly<Record<string, unknown>>;
};
const resolve = (options: object): Readonly<Record<string, unknown>> =>
  resolveRunner({ store: {}, executor: {}, ...options }, { uuid: () => "an id", next: () => 0 });
const wholeNumber = (text: string): number => Number(text.replaceAll(/[_,]/g, ""));

const said = members.flatMap(({ name, fallback }) => {
  const value = /^(null|[\d_]+)\b/.exec(fallback ?? "")?.[1];
  return value === undefined ? [] : [[name, value === "null" ? null : wholeNumber(value)] as const];
});
const bounds = members.flatMap(({ name, text }) => {
  const least = /(\d[\d,_]*) or more/.exec(text)?.[1];
  return least === undefined ? [] : [[name, wholeNumber(least)] as const];
});

it("finds defaults and bounds to hold the engine to", () => {
  expect(said.length).toBeGreaterThan(10);
  expect(bounds.length).toBeGreaterThan(5);
});

it.each(said.filter(([name]) => name !== "journalKeepMs"))("%s is %s when it is not given", (name, value) => {
  expect(resolve({})[name]).toBe(value);
});

it.each(bounds)("%s takes %i and refuses less", (name, least) => {
  const beside = name === "leaseMs" ? { heartbeatMs: 50 } : {};
  expect(resolve({ ...beside, [name]: least })[name]).toBe(least);
  const path = expect.objectContaining({ path: name }) as unknown;
  expect(() => resolve({ ...beside, [name]: least - 1 })).toThrow(
    expect.objectContaining({ code: "OPTION_INVALID", details: path }),
  );
});

it.each(members.map(({ name }) => [name]))("%s is an option the engine knows, in both places", (name) => {
  const unknown = /is no known option/;
  expect(() => resolve({ [`${name}s`]: undefined })).toThrow(unknown);
  for (const options of [{ [name]: undefined }, { runner: { [name]: undefined } }])
    expect(() => resolve(options)).not.toThrow(unknown);
});
