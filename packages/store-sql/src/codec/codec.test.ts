import { controlEventTypes, taskEventTypes, taskStatuses } from "@millrace/models";
import { expect, it } from "vitest";
import { controlEventOfCode, eventCode, taskEventOfCode } from "./event-code.ts";
import { statusCode, statusOfCode } from "./status-code.ts";
import { valueOfColumn, valueToColumn } from "./stored-value-column.ts";

it("numbers statuses and events so that they come back", () => {
  for (const status of taskStatuses) expect(statusOfCode(statusCode(status))).toBe(status);
  for (const type of taskEventTypes) expect(taskEventOfCode(eventCode(type) ?? -1)).toBe(type);
  for (const type of controlEventTypes) expect(controlEventOfCode(eventCode(type) ?? -1)).toBe(type);
  expect(eventCode("nothing")).toBeNull();
  expect(statusOfCode(-1)).toBe("queued");
});

it("keeps text and bytes apart in one column", () => {
  expect(valueOfColumn(valueToColumn(null))).toBeNull();
  expect(valueOfColumn(valueToColumn("null"))).toBe("null");
  const encoded = { codecId: "aes-ä", bytes: new Uint8Array([0, 255, 7]) };
  expect(valueOfColumn(valueToColumn(encoded))).toEqual(encoded);
  expect(valueOfColumn(valueToColumn({ codecId: "", bytes: new Uint8Array() }))).toEqual({
    codecId: "",
    bytes: new Uint8Array(),
  });
});
