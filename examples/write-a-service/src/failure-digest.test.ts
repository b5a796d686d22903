import { stressStartStop } from "@millrace/conformance";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { createHost } from "millrace";
import { it } from "vitest";
import { failureDigest } from "./failure-digest.ts";

it("starts and stops with its host in any order, and leaves nothing behind", async () => {
  await stressStartStop({
    create: ({ clock }) =>
      createHost({ store: createMemoryTaskStore({ clock }), clock, services: [failureDigest(() => {})] }),
    isRunning: (host) => host.getState() === "running",
    runs: 20,
  });
});
