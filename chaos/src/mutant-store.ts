import type { Facet, FacetName, Lease, TaskStore } from "@millrace/models";

/**
 * A store without the check of leases: whoever writes to a leased task writes as its owner. It is what a chaos run must
 * be able to find. No thread renews leases past its troubles, so that each of them loses some.
 */
export function mutantStore<Tx>(store: TaskStore<Tx>): TaskStore<Tx> {
  const asOwner = async <Ask extends Lease>(asks: readonly Ask[]): Promise<readonly Ask[]> => {
    const tasks = await store.get(asks.map(({ taskId }) => taskId));
    return asks.map((ask, i) => {
      const task = tasks[i];
      return task?.leaseToken ? { ...ask, attempt: task.attempt, leaseToken: task.leaseToken } : ask;
    });
  };
  return {
    ...store,
    extend: async (leases, leaseMs) => store.extend(await asOwner(leases), leaseMs),
    report: async (reports) => store.report(await asOwner(reports)),
    settle: async (settlements) => store.settle(await asOwner(settlements)),
    facet: <Name extends FacetName>(name: Name): Facet<Name> | null =>
      name === "leaseKeeper" ? null : store.facet(name),
  };
}
