import assert from "node:assert/strict";
import { createHost, defineTask, PermanentError } from "millrace";
import { failureDigest } from "./failure-digest.ts";

const refuse = defineTask({
  kind: "card.charge",
  run: () => {
    throw new PermanentError("the card was refused");
  },
});

// #region host
const digest = Promise.withResolvers<ReadonlyMap<string, number>>();
const service = failureDigest((counts) => {
  if (counts.get(refuse.kind) === 2) digest.resolve(counts);
});
await using host = createHost({ tasks: [refuse], services: [service] });
// #endregion
await host.start();
await host.enqueueMany([
  { task: refuse, input: null },
  { task: refuse, input: null },
]);
const counts = await digest.promise;
for (const [kind, count] of counts) console.log(`${kind} failed ${count} times`);
assert.equal(counts.get("card.charge"), 2);
