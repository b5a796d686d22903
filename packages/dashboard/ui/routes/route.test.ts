import { expect, it } from "vitest";
import { hrefOf, routeOf, type Route } from "./route.ts";

it.each<readonly [Route, string]>([
  [{ page: "overview" }, "#/"],
  [{ page: "overview", window: "24h" }, "#/?window=24h"],
  [{ page: "tasks" }, "#/tasks"],
  [
    { page: "tasks", q: 'kind:a.* tag:"x y" -state:failed & 7%?' },
    "#/tasks?q=kind%3Aa.*+tag%3A%22x+y%22+-state%3Afailed+%26+7%25%3F",
  ],
  [{ page: "tasks", q: "kind:a", taskId: "a/b&c" }, "#/tasks?q=kind%3Aa&task=a%2Fb%26c"],
  [{ page: "task", taskId: "a/b?c#d e%" }, "#/tasks/a%2Fb%3Fc%23d%20e%25"],
  [{ page: "schedules", id: "tenant/nightly" }, "#/schedules?id=tenant%2Fnightly"],
  [{ page: "errors" }, "#/errors"],
  [{ page: "errors", state: "ignored" }, "#/errors?state=ignored"],
  [{ page: "audit" }, "#/audit"],
])("%j has an address, and is found by it", (route, address) => {
  expect(hrefOf(route)).toBe(address);
  expect(routeOf(address)).toEqual(route);
});

it("an address without anything is the overview, and what nobody knows of it is passed over", () => {
  for (const hash of ["", "#", "#/", "#//", "#/?window=100y", "#/?other=1"])
    expect(routeOf(hash)).toEqual({ page: "overview" });
  expect(routeOf("#tasks/?q=a%20b&q=c")).toEqual({ page: "tasks", q: "a b" });
  expect(routeOf("#/tasks?q=7")).toEqual({ page: "tasks", q: "7" });
  expect(hrefOf({ page: "tasks", q: "" })).toBe("#/tasks");
});

it("an address of no page, one that is broken, and one that is too long lead nowhere wrong", () => {
  for (const hash of ["#/nowhere", "#/lost", "#/__proto__", "#/tasks/%E0%A4%A", "#/tasks/a/b", "#/hosts/a"]) {
    expect(routeOf(hash)).toEqual({ page: "lost" });
  }
  expect(routeOf(`#/tasks?q=${"x".repeat(9_000)}`)).toEqual({ page: "tasks", q: "x".repeat(2_000) });
  expect(hrefOf({ page: "task", taskId: "\uD800" })).toBe("#/tasks/%EF%BF%BD");
});
