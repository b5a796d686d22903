import { createManualClock, isTaskError } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { describe, expect, it } from "vitest";
import { createFleetSide } from "./fleet-side.ts";

describe("retention as a client sees it", () => {
  it("tells the last sweep, and what one would take away", async () => {
    const clock = createManualClock();
    const store = createMemoryTaskStore({ clock });
    const client = createFleetSide(store);
    expect(await client.readRetention()).toBeNull();
    await store.facet("retention")?.prune({ failedTtlMs: 5 }, 10);
    expect(await client.readRetention()).toEqual({ policy: { failedTtlMs: 5 }, at: clock.now() });
    expect(await client.previewRetention({})).toEqual({ succeeded: 0, failed: 0, cancelled: 0, exact: true });
  });

  it("refuses a policy that no sweep could have, and says where it is wrong", async () => {
    const client = createFleetSide(createMemoryTaskStore());
    await expect(client.previewRetention({ failedTtlMs: -1 })).rejects.toMatchObject({
      code: "OPTION_INVALID",
      details: { path: "policy.failedTtlMs" },
    });
  });

  it("needs a store that has retention", async () => {
    const client = createFleetSide({ ...createMemoryTaskStore(), facet: () => null });
    for (const work of [client.readRetention(), client.previewRetention({})]) {
      const refused = await work.catch((error: unknown) => error);
      expect(isTaskError(refused, "FACET_MISSING")).toBe(true);
    }
  });
});
