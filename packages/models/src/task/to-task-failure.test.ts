import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { PermanentError } from "../errors/permanent-error.ts";
import { byteLength } from "./text-length.ts";
import { toTaskFailure } from "./to-task-failure.ts";

describe("toTaskFailure", () => {
  it.each([
    [null, "null was thrown"],
    [undefined, "undefined was thrown"],
    ["boom", "boom"],
    ["", "an empty text was thrown"],
    [42, "42"],
    [10n, "10"],
    [Symbol("s"), "Symbol(s)"],
    [() => 1, "a function was thrown"],
  ])("R39: gives %s a name and a message", (thrown, message) => {
    expect(toTaskFailure(thrown)).toEqual({ name: "Error", message });
  });

  it("R39: keeps name, message, code, details, stack and cause of an error", () => {
    const cause = new TypeError("inner");
    const error = Object.assign(new RangeError("outer", { cause }), { code: "E_OUT", details: { at: 3 } });
    expect(toTaskFailure(error)).toEqual({
      name: "RangeError",
      message: "outer",
      code: "E_OUT",
      details: { at: 3 },
      stack: error.stack,
      cause: { name: "TypeError", message: "inner", stack: cause.stack },
    });
  });

  it("T28: keeps source and properties of a structured error", () => {
    const error = Object.assign(new Error("no"), { source: "Service", properties: { id: 7 } });
    expect(toTaskFailure(error).details).toEqual({ source: "Service", properties: { id: 7 } });
    expect(toTaskFailure(Object.assign(new Error("no"), { source: "Service" })).details).toEqual({ source: "Service" });
    expect(toTaskFailure(Object.assign(new Error("no"), { properties: { id: 7 } })).details).toEqual({
      properties: { id: 7 },
    });
  });

  it("does not keep other own fields of an error, which may be requests with secrets", () => {
    const error = Object.assign(new Error("401"), { config: { headers: { authorization: "Bearer secret" } } });
    expect(JSON.stringify({ ...toTaskFailure(error), stack: "" })).not.toContain("secret");
  });

  it("shows a thrown plain object as details", () => {
    expect(toTaskFailure({ status: 500 })).toEqual({
      name: "Error",
      message: "an object was thrown",
      details: { status: 500 },
    });
    expect(toTaskFailure([1])).toEqual({ name: "Error", message: "an array was thrown", details: [1] });
  });

  it("names a subclass that forgot to set its name, and says so when there is no message", () => {
    class CardDeclined extends Error {}
    expect(toTaskFailure(new CardDeclined())).toMatchObject({ name: "CardDeclined", message: "no message" });
  });

  it("turns a number as code into text and leaves other codes out", () => {
    expect(toTaskFailure({ name: "X", message: "m", code: 404 }).code).toBe("404");
    expect(toTaskFailure({ name: "X", message: "m", code: 4n }).code).toBe("4");
    expect(toTaskFailure({ name: "X", message: "m", code: "" }).code).toBeUndefined();
    expect(toTaskFailure({ name: "X", message: "m", code: {} }).code).toBeUndefined();
  });

  it("leaves a failure that has crossed a border as it is", () => {
    const first = toTaskFailure(new PermanentError("no", { code: "E", details: { a: [1] }, cause: new Error("why") }));
    expect(toTaskFailure(first)).toEqual(first);
    expect(toTaskFailure(structuredClone(first))).toEqual(first);
  });

  it("lists the errors of an AggregateError without their stacks, at most twenty", () => {
    const errors: unknown[] = Array.from({ length: 25 }, (_, index) => new Error(`e${index}`));
    errors[1] = Object.assign(new Error("coded"), { code: "C" });
    const { details } = toTaskFailure(new AggregateError(errors, "all"));
    expect(details).toMatchObject({ errors: expect.arrayContaining([{ name: "Error", message: "e0" }]), more: 5 });
    expect(details).toMatchObject({ errors: expect.arrayContaining([{ name: "Error", message: "coded", code: "C" }]) });
    expect(JSON.stringify(details)).not.toContain("at ");
  });

  it("keeps the details of an AggregateError and survives one that contains itself", () => {
    const error = new AggregateError([], "loop");
    error.errors.push(error);
    expect(toTaskFailure(error).details).toEqual({ errors: ["[circular]"] });
    expect(toTaskFailure(Object.assign(new AggregateError([]), { details: 1 })).details).toEqual({
      details: 1,
      errors: [],
    });
  });

  it("ends at a cycle of causes and after eight causes", () => {
    const loop = new Error("loop");
    loop.cause = loop;
    expect(toTaskFailure(loop).cause).toBeUndefined();

    let chain = new Error("0");
    for (let index = 1; index < 20; index += 1) chain = new Error(String(index), { cause: chain });
    let depth = 0;
    for (let at = toTaskFailure(chain).cause; at; at = at.cause) depth += 1;
    expect(depth).toBe(8);
  });

  it("keeps a cause that is no error", () => {
    expect(toTaskFailure(new Error("a", { cause: "b" })).cause).toEqual({ name: "Error", message: "b" });
    expect(toTaskFailure(new Error("a", { cause: null })).cause).toBeUndefined();
  });

  it("bounds message, stack and details in bytes without breaking a character", () => {
    const error = Object.assign(new Error("ü".repeat(20_000)), {
      details: { list: Array.from({ length: 9_000 }, () => "text") },
    });
    error.stack = "s".repeat(100_000);
    const failure = toTaskFailure(error);
    expect(byteLength(failure.message)).toBeLessThanOrEqual(8_192);
    expect(failure.message).toMatch(/^ü+…$/);
    expect(byteLength(failure.stack ?? "")).toBe(32_768);
    expect(JSON.stringify(failure.details).length).toBeLessThan(20_000);
    const wide = toTaskFailure({
      name: "X",
      message: "m",
      details: Array.from({ length: 400 }, () => "x".repeat(100)),
    });
    expect(wide.details).toEqual({ truncated: expect.stringContaining("xxx") });
  });

  it("survives getters and proxies that throw", () => {
    const hostile = new Proxy(new Error("x"), {
      get() {
        throw new Error("no entry");
      },
    });
    expect(toTaskFailure(hostile)).toEqual({ name: "Error", message: "no message" });
    const getter = {
      name: "Odd",
      get message(): string {
        throw new Error("no");
      },
    };
    expect(toTaskFailure(getter)).toMatchObject({ name: "Odd", message: "an object was thrown" });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(toTaskFailure(proxy)).toMatchObject({ name: "Error" });
  });

  it("recognises an error of another realm", () => {
    expect(toTaskFailure(runInNewContext("new TypeError('far away')"))).toMatchObject({
      name: "TypeError",
      message: "far away",
    });
  });

  it("leaves out details that have nothing to show", () => {
    expect(toTaskFailure({ name: "X", message: "m", details: () => 1 })).toEqual({ name: "X", message: "m" });
    const errors = Object.assign(new AggregateError([]), { details: () => 1 });
    expect(toTaskFailure(errors).details).toEqual({ details: null, errors: [] });
  });

  it("makes details JSON-safe", () => {
    const cyclic: Record<string, unknown> = { big: 1n };
    cyclic.self = cyclic;
    expect(toTaskFailure({ name: "X", message: "m", details: cyclic }).details).toEqual({
      big: "1",
      self: "[circular]",
    });
  });
});
