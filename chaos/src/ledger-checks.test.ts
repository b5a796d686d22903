import { aTask } from "@millrace/conformance/builders";
import type { TaskEvent, TaskRecord } from "@millrace/models";
import { expect, it } from "vitest";
import { checkLedgers } from "./ledger-checks.ts";
import type { LedgerLine } from "./ledger.ts";

const idOf = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
const event = (type: TaskEvent["type"], more: Partial<TaskEvent> = {}): TaskEvent => {
  const about = { tenantId: "", kind: "mail.send", attempt: 1, at: 1, channels: [], data: null, hostId: null };
  return {
    ...about,
    type,
    taskId: idOf(1),
    version: 3,
    statusBefore: "running",
    statusAfter: "running",
    reason: null,
    ...more,
  };
};
const check = (lines: readonly LedgerLine[], records: readonly TaskRecord[] = [], events: readonly TaskEvent[] = []) =>
  checkLedgers({ records, events, lines: lines.map((line) => ({ ...line, by: "worker-1" })) }).map(
    (one) => one.invariant,
  );

it("finds a group of which only a part was stored", () => {
  const intent: LedgerLine = { type: "intent", ids: [idOf(1), idOf(2)] };
  expect(check([intent])).toEqual([]);
  expect(check([intent], [aTask({ id: idOf(1) }), aTask({ id: idOf(2) })])).toEqual([]);
  expect(check([intent], [aTask({ id: idOf(1) })])).toEqual(["I1"]);
});

it("finds an acknowledged cancel that the journal does not tell, or tells later", () => {
  const cancelled: LedgerLine = { type: "cancelled", taskId: idOf(1), version: 3 };
  expect(check([cancelled], [], [event("cancel_requested")])).toEqual([]);
  expect(check([cancelled], [], [event("cancel_requested", { version: 4 })])).toEqual(["I14"]);
  expect(check([cancelled])).toEqual(["I14"]);
});

it("finds a `once` that answered two values, or did its work again", () => {
  const given = (attempt: number, value: number): LedgerLine => {
    return { type: "remembered", taskId: idOf(1), attempt, value, at: attempt };
  };
  const done = (attempt: number): LedgerLine => ({ type: "effect", taskId: idOf(1), attempt, at: attempt });
  expect(check([done(1), done(2), given(2, 2), given(3, 2)])).toEqual([]);
  expect(check([given(2, 2), given(3, 3)])).toEqual(["once"]);
  expect(check([done(1), given(1, 1), done(2)])).toEqual(["once"]);
});

it("finds children that are missing, too many, or not at their end", () => {
  const suspended = event("suspended", { statusAfter: "suspended", reason: "children" });
  const children = [2, 3, 4].map((n) => aTask({ id: idOf(n), parentId: idOf(1) }));
  expect(check([], children, [suspended])).toEqual([]);
  expect(check([], children.slice(1), [suspended])).toEqual(["I8"]);
  expect(check([], children)).toEqual(["I8"]);
  const seen = (...statuses: readonly string[]): LedgerLine => ({ type: "children", taskId: idOf(1), statuses });
  expect(check([seen("succeeded", "failed", "cancelled")])).toEqual([]);
  expect(check([seen("succeeded", "running", "failed")])).toEqual(["I8"]);
  expect(check([seen("succeeded", "failed")])).toEqual(["I8"]);
});
