import type { TaskRecord } from "@millrace/models";
import { expect, it } from "vitest";
import { usualFixed } from "./fixed-fields.ts";
import { ownedRecord } from "./owned-record.ts";

// Only what is said once of a task is looked at.
const aTask = (over: Partial<TaskRecord>): TaskRecord => ({ ...usualFixed, ...over }) as TaskRecord;

it("a record of the store's own does not change with what its sender gave, and cannot be changed", () => {
  const [tags, rows] = [["red"], [1]];
  const record = ownedRecord(aTask({ tags, metadata: { rows } }));
  tags.push("blue");
  rows.push(2);
  expect(record).toMatchObject({ tags: ["red"], metadata: { rows: [1] } });
  const parts = [record, record.tags, record.metadata["rows"], record.origin];
  expect(parts.map((part) => Object.isFrozen(part))).not.toContain(false);
});

it("what nothing was said of is shared by all records", () => {
  const record = ownedRecord(aTask({ tags: [], context: {} }));
  expect(record.tags).toBe(usualFixed.tags);
  expect(record.context).toBe(usualFixed.context);
});
