import { describe, expect, it } from "vitest";
import { isTaskError } from "../errors/task-error.ts";
import { aTask } from "../../test/a-task.ts";
import {
  normalizeTaskChannel,
  normalizeTaskChannels,
  parseDerivedChannel,
  taskChannel,
  taskChannels,
} from "./task-channel.ts";

describe("taskChannel", () => {
  it.each(["task", "kind", "topic", "resource", "correlation", "dedupe", "concurrency", "supersede", "scope"] as const)(
    "R46: taskChannel.%s puts its prefix before the value",
    (prefix) => {
      expect(taskChannel[prefix]("a:b")).toBe(`${prefix}:a:b`);
    },
  );
});

describe("normalizeTaskChannel", () => {
  it("R46: trims and keeps each once", () => {
    expect(normalizeTaskChannel("  scope:a ")).toBe("scope:a");
    expect(normalizeTaskChannels([" a", "a", "b "])).toEqual(["a", "b"]);
  });

  it.each(["", "  ", "a\nb", "a\u007f", "x".repeat(501)])("refuses %j", (channel) => {
    expect(() => normalizeTaskChannel(channel)).toThrow(
      expect.toSatisfy((error: unknown) => isTaskError(error, "METADATA_INVALID")),
    );
  });
});

describe("taskChannels", () => {
  it("R46: are the stored and the derived ones, each once", () => {
    const task = aTask({
      channels: ["scope:a", "kind:report.generate"],
      dedupeKey: "d",
      supersedeKey: "s",
      concurrencyKeys: [
        { key: "c1", limit: 1 },
        { key: "c2", limit: 1 },
      ],
    });
    expect(taskChannels(task)).toEqual([
      "scope:a",
      "kind:report.generate",
      `task:${task.id}`,
      "dedupe:d",
      "concurrency:c1",
      "concurrency:c2",
      "supersede:s",
    ]);
    expect(taskChannels(aTask())).toEqual([`task:${task.id}`, "kind:report.generate"]);
  });

  it("every derived channel parses back to the field it came from", () => {
    const derived = {
      [taskChannel.task("1")]: { field: "id", value: "1" },
      [taskChannel.kind("a:b")]: { field: "kind", value: "a:b" },
      [taskChannel.dedupe("d")]: { field: "dedupeKey", value: "d" },
      [taskChannel.concurrency("c")]: { field: "concurrencyKey", value: "c" },
      [taskChannel.supersede("s")]: { field: "supersedeKey", value: "s" },
    };
    for (const [channel, parts] of Object.entries(derived)) expect(parseDerivedChannel(channel)).toEqual(parts);
    for (const channel of ["scope:a", "topic:a", "kind", "constructor:x", ""]) {
      expect(parseDerivedChannel(channel)).toBeNull();
    }
  });
});
