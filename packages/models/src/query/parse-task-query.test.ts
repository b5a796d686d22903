import { describe, expect, it } from "vitest";
import { isTaskError } from "../errors/task-error.ts";
import { anId } from "../../test/a-task.ts";
import { parseStepQuery, parseTaskFilter, parseTaskQuery } from "./parse-task-query.ts";

const refusal = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return isTaskError(error, "QUERY_INVALID") ? error.details.path : error;
  }
  return "not refused";
};

describe("parseTaskQuery", () => {
  it("R40: fills the defaults and keeps only what was given", () => {
    const defaults = { filter: {}, limit: 100, orderBy: "created_desc", after: null, offset: 0, includeValues: true };
    expect(parseTaskQuery({})).toEqual(defaults);
    expect(parseTaskQuery(undefined)).toEqual(defaults);
    expect(parseTaskQuery({ kinds: undefined, limit: undefined })).toEqual(defaults);
    expect(Object.keys(parseTaskQuery({ kinds: undefined }).filter)).toEqual([]);
  });

  it("keeps every field as it was given", () => {
    const filter = {
      tenantId: "",
      taskIds: [anId(1)],
      kinds: ["k"],
      statuses: ["queued"],
      states: ["retrying"],
      channels: ["c"],
      tags: ["t"],
      concurrencyKey: "c",
      dedupeKey: "d",
      supersedeKey: "s",
      parentId: anId(2),
      rootId: anId(3),
      flowId: "f",
      originType: "bulk",
      originId: "o",
      hostId: "h",
      reasons: ["TASK_FAILED"],
      failureFingerprint: "p",
      createdFrom: 1,
      createdBefore: 2,
      finishedFrom: 3,
    };
    const page = { limit: 1, orderBy: "status_asc", after: "x", offset: 10_000, includeValues: false };
    expect(parseTaskQuery({ ...filter, ...page })).toEqual({ filter, ...page });
    expect(parseTaskFilter(filter)).toEqual(filter);
  });

  it.each<[unknown, string]>([
    [null, ""],
    ["kinds", ""],
    [[], ""],
    [{ kind: "x" }, "kind"],
    [{ limit: 0 }, "limit"],
    [{ limit: 1_001 }, "limit"],
    [{ limit: 1.5 }, "limit"],
    [{ limit: "10" }, "limit"],
    [{ limit: Number.NaN }, "limit"],
    [{ offset: -1 }, "offset"],
    [{ offset: 10_001 }, "offset"],
    [{ includeValues: "no" }, "includeValues"],
    [{ orderBy: "newest" }, "orderBy"],
    [{ orderBy: null }, "orderBy"],
    [{ after: 1 }, "after"],
    [{ tenantId: null }, "tenantId"],
    [{ tenantId: "x".repeat(1_001) }, "tenantId"],
    [{ taskIds: anId(1) }, "taskIds"],
    [{ taskIds: [anId(1), "nope"] }, "taskIds[1]"],
    [{ taskIds: Array.from({ length: 1_001 }, () => anId(1)) }, "taskIds"],
    [{ kinds: ["a", 1] }, "kinds[1]"],
    [{ statuses: ["scheduled"] }, "statuses[0]"],
    [{ states: ["scheduled", "done"] }, "states[1]"],
    [{ parentId: "ABC" }, "parentId"],
    [{ originType: "user" }, "originType"],
    [{ createdFrom: -1 }, "createdFrom"],
    [{ createdBefore: "2026-01-01" }, "createdBefore"],
    [{ finishedFrom: null }, "finishedFrom"],
    [JSON.parse('{"__proto__":1}'), "__proto__"],
  ])("refuses %j and names the field", (query, path) => {
    expect(refusal(() => parseTaskQuery(query))).toBe(path);
  });

  it("a filter alone takes no page fields", () => {
    expect(refusal(() => parseTaskFilter({ limit: 1 }))).toBe("limit");
  });
});

describe("parseStepQuery", () => {
  it("R41: needs a task and fills the defaults", () => {
    const taskId = anId(1);
    expect(parseStepQuery({ taskId })).toEqual({ taskId, limit: 200, from: "oldest", after: null, offset: 0 });
    const all = { taskId, limit: 1_000, from: "newest", after: "x", offset: 3 };
    expect(parseStepQuery(all)).toEqual(all);
  });

  it.each<[unknown, string]>([
    [{}, "taskId"],
    [{ taskId: 1 }, "taskId"],
    [{ taskId: anId(1), limit: 0 }, "limit"],
    [{ taskId: anId(1), from: "last" }, "from"],
    [{ taskId: anId(1), kinds: [] }, "kinds"],
  ])("refuses %j and names the field", (query, path) => {
    expect(refusal(() => parseStepQuery(query))).toBe(path);
  });
});
