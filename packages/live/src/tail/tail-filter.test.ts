import { createTaskId } from "@millrace/models";
import { expect, it } from "vitest";
import { tailFilter } from "./tail-filter.ts";

const [one, two] = [createTaskId(), createTaskId()];

it.each([
  [[], { taskIds: [] }],
  [[{}], {}],
  [[{ tenantId: "a" }], { tenantId: "a" }],
  [[{ tenantId: "a" }, { tenantId: "b" }], {}],
  [[{ tenantId: "a" }, {}], {}],
  [[{ kinds: ["x"] }, { kinds: ["y", "x"] }], { kinds: ["x", "y"] }],
  [[{ kinds: ["x"] }, { taskIds: [one] }], {}],
  [[{ taskIds: [one] }, { taskIds: [two] }], { taskIds: [one, two] }],
  [[{ kinds: Array.from({ length: 201 }, (_, n) => `k${n}`) }], {}],
])("lets through all that %j ask for, and little else", (filters, wanted) => {
  expect(tailFilter(filters)).toEqual(wanted);
});
