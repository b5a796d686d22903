import { aGroup } from "@millrace/conformance";
import type { EnqueueGroupResult } from "@millrace/models";
import { Client } from "pg";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openStores, type TestStores } from "../testing/stores.ts";

let open: TestStores;

beforeEach(async () => {
  open = await openStores(1, { listen: false });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await open[Symbol.asyncDispose]();
});

async function enqueue(): Promise<readonly EnqueueGroupResult[] | undefined> {
  return open.stores[0]?.enqueue([aGroup({ mustKnowKind: false })]);
}

it("who follows a call that came alone is sent in the caller's own turn", async () => {
  await enqueue();
  await enqueue();
  const query = vi.spyOn(Client.prototype, "query");
  const stored = enqueue();
  expect(query).toHaveBeenCalledTimes(1);
  expect(await stored).toMatchObject([{ status: "stored" }]);
});

it("calls of one turn that follow a flight of many go as one statement, those that follow a lone one as two", async () => {
  const query = vi.spyOn(Client.prototype, "query");
  const statementsOf = async (calls: number): Promise<number> => {
    const before = query.mock.calls.length;
    await Promise.all(Array.from({ length: calls }, enqueue));
    return query.mock.calls.length - before;
  };
  await statementsOf(20);
  expect(await statementsOf(20)).toBe(1);
  expect(await statementsOf(1)).toBe(1);
  expect(await statementsOf(20)).toBe(2);
  expect(await statementsOf(20)).toBe(1);
});
