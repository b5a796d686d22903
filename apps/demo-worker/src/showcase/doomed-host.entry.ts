// A host that takes one task and is then killed by whoever started it: a dashboard has a lost host to show.
import { createHost, defineTask, type HostOptions } from "millrace";

const place = JSON.parse(process.argv[2] ?? "{}") as HostOptions;
const host = createHost({
  ...place,
  label: "import-1",
  leaseMs: 3_000,
  heartbeatMs: 1_000,
  tasks: [
    defineTask({
      kind: "shop.import-orders",
      run() {
        process.send?.("taken");
        return new Promise<never>(() => {});
      },
    }),
  ],
});
// Whoever started it may be gone before it could kill it.
process.once("disconnect", () => process.exit(1));
await host.start();
