import { aGroup } from "@millrace/conformance";
import type { TaskStore } from "@millrace/models";
import { expect, it } from "vitest";
import { openStores } from "../testing/stores.ts";

/** Silence shows as the test's own time that runs out. */
function nextWake(store: TaskStore | undefined): Promise<"woken"> {
  return new Promise((resolve) => {
    const stop = store?.watch(() => {
      stop?.();
      resolve("woken");
    });
  });
}

it("another process is woken by an enqueue, and its own words wake nobody twice", async () => {
  await using open = await openStores(2);
  const [one, other] = open.stores;
  // Proving itself wakes too: that is over when the first wake has come.
  expect(await nextWake(other)).toBe("woken");
  const woken = nextWake(other);
  await one?.enqueue([aGroup({ mustKnowKind: false })]);
  expect(await woken).toBe("woken");
});

it("another process is woken by what was told last before the store is closed", async () => {
  await using open = await openStores(2);
  const [one, other] = open.stores;
  expect(await nextWake(other)).toBe("woken");
  const woken = nextWake(other);
  await one?.enqueue([aGroup({ mustKnowKind: false, dedupeKey: "k" })]);
  await one?.close();
  expect(await woken).toBe("woken");
});

it("another process is woken by what is still on its way when the store is closed", async () => {
  await using open = await openStores(2);
  const [one, other] = open.stores;
  expect(await nextWake(other)).toBe("woken");
  const woken = nextWake(other);
  const stored = one?.enqueue([aGroup({ mustKnowKind: false })]);
  await one?.close();
  expect(await stored).toHaveLength(1);
  expect(await woken).toBe("woken");
});

it("a listener whose connection is ended listens again", async () => {
  await using open = await openStores(2);
  const [one, other] = open.stores;
  expect(await nextWake(other)).toBe("woken");
  await open.place.client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'millrace' and query like 'listen%'",
  );
  // It wakes once more when it hears itself again, for whatever was said meanwhile.
  expect(await nextWake(other)).toBe("woken");
  const woken = nextWake(other);
  await one?.enqueue([aGroup({ mustKnowKind: false })]).catch(() => null);
  await one?.enqueue([aGroup({ mustKnowKind: false })]);
  expect(await woken).toBe("woken");
});

it("empty claims and renewals wake nobody", async () => {
  await using open = await openStores(1, { listen: false });
  const [store] = open.stores;
  let wakes = 0;
  const stop = store?.watch(() => (wakes += 1));
  const kinds = [{ kind: "work", slots: 1 }];
  await store?.claim({ hostId: "h", kinds, limit: 1, leaseMs: 1_000, suspects: "include" });
  await store?.extend([{ taskId: "00000000-0000-7000-8000-000000000000", attempt: 1, leaseToken: "t" }], 1_000);
  await store?.expire(10);
  expect(wakes).toBe(0);
  stop?.();
});
