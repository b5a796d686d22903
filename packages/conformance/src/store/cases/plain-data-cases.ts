import { expect } from "vitest";
import { leaseOf } from "../../builders/lease.ts";
import { aStep } from "../../builders/step.ts";
import type { StoreCases } from "../store-cases.ts";

function thawed(value: unknown, path: string): readonly string[] {
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return [];
  const children = Object.entries(value).flatMap(([key, child]) => thawed(child, `${path}.${key}`));
  return Object.isFrozen(value) ? children : [path, ...children];
}

/** Reads return frozen plain data. */
export const plainDataCases: StoreCases = (add) => {
  const rich = { metadata: { a: { b: [1] } }, tags: ["t"], channels: ["c"], context: { k: "v" } };

  add("what is read is frozen, all the way down", async (bench) => {
    const { store } = bench;
    const task = await bench.running(rich);
    await store.report([{ ...leaseOf(task), progress: { meta: { x: [1] } }, steps: [aStep(1, { meta: { y: {} } })] }]);
    expect(thawed(await store.read({}), "read")).toEqual([]);
    expect(thawed(await store.get([task.id]), "get")).toEqual([]);
    expect(thawed(await store.steps({ taskId: task.id }), "steps")).toEqual([]);
    expect(thawed(await store.aggregate({}), "aggregate")).toEqual([]);
    expect(thawed(await store.events("", 10), "events")).toEqual([]);
  });

  add("what is read survives a structured clone unchanged", async ({ running, store }) => {
    const task = await running(rich);
    const read = { page: await store.read({}), one: await store.get([task.id]), events: await store.events("", 10) };
    expect(structuredClone(read)).toEqual(read);
  });

  add("changing what was sent changes nothing that is stored", async ({ store, request, record }) => {
    const metadata: Record<string, string> = { a: "1" };
    const tags = ["t"];
    const asked = request({ metadata, tags });
    await store.enqueue([{ tasks: [asked] }]);
    metadata["a"] = "2";
    tags.push("u");
    expect(await record(asked.id)).toMatchObject({ metadata: { a: "1" }, tags: ["t"] });
  });

  add("bytes that were sent are copied", async ({ store, request, record }) => {
    const bytes = new Uint8Array([1, 2, 3]);
    const asked = request({ input: { codecId: "c", bytes } });
    await store.enqueue([{ tasks: [asked] }]);
    bytes[0] = 9;
    expect((await record(asked.id)).input).toEqual({ codecId: "c", bytes: new Uint8Array([1, 2, 3]) });
  });

  add("a record read before a change is as it was", async ({ running, store, succeed }) => {
    const task = await running();
    const [before] = await store.get([task.id]);
    const copy = structuredClone(before);
    await succeed(task, "1");
    expect(before).toEqual(copy);
  });
};
