import type { LeaseKeeper } from "@millrace/models";

/** A lease keeper that counts its calls in memory both threads share, for tests of the thread that uses one. */
export function openLeaseKeeper(options: { readonly counts: SharedArrayBuffer }): LeaseKeeper {
  const counts = new Int32Array(options.counts);
  return {
    async extend(leases) {
      Atomics.add(counts, 0, 1);
      Atomics.store(counts, 1, leases.length);
      return leases.map(() => ({ status: "held", version: 1 }));
    },
    async close() {
      Atomics.store(counts, 2, 1);
    },
  };
}
