import { expect } from "vitest";
import type { StoreCases } from "../store-cases.ts";

const tenants = ["", "acme", "Acme", "acme ", "ac%me"] as const;

/** Tenants: part of every uniqueness, event and query. */
export const tenantCases: StoreCases = (add) => {
  add("dedupe keys of tenants are apart, to the letter", async ({ stored }) => {
    const results = await stored(...tenants.map((tenantId) => ({ tenantId, dedupeKey: "k" })));
    expect(results.map(({ disposition }) => disposition)).toEqual(tenants.map(() => "created"));
  });

  add("concurrency keys of tenants are apart", async ({ stored, claim }) => {
    await stored(...tenants.map((tenantId) => ({ tenantId, concurrencyKeys: [{ key: "k", limit: 1 }] })));
    expect(await claim()).toHaveLength(tenants.length);
  });

  add("supersede keys of tenants are apart", async ({ stored }) => {
    const ask = { supersedeKey: "s", supersedeExisting: true };
    await stored(...tenants.map((tenantId) => ({ ...ask, tenantId })));
    const [again] = await stored({ ...ask, tenantId: "acme" });
    expect(again?.supersededTaskIds).toHaveLength(1);
  });

  add("lists, numbers and events are filtered by tenant", async ({ stored, store }) => {
    await stored(...tenants.map((tenantId) => ({ tenantId })));
    for (const tenantId of tenants) {
      expect((await store.read({ tenantId })).tasks.map((task) => task.tenantId)).toEqual([tenantId]);
      expect((await store.aggregate({ tenantId })).total.count).toBe(1);
      const page = await store.events("", 10, { tenantId });
      expect(page.status === "events" ? page.events : []).toMatchObject([{ tenantId }]);
    }
  });

  add("a claim serves all tenants of its kinds", async ({ stored, claim }) => {
    await stored(...tenants.map((tenantId) => ({ tenantId })));
    expect((await claim()).map(({ task }) => task.tenantId)).toEqual([...tenants]);
  });

  add("texts of any script and sign are kept and found", async ({ enqueue, store }) => {
    const odd = "'; drop table task; -- \" \\ \u{1F980} \u00E9 \u0000x".replace("\u0000", "");
    const task = await enqueue({
      tenantId: odd,
      tags: [odd],
      channels: [odd],
      dedupeKey: odd,
      input: JSON.stringify(odd),
    });
    const page = await store.read({ tenantId: odd, tags: [odd], channels: [odd], dedupeKey: odd });
    expect(page.tasks).toEqual([task]);
  });
};
