import assert from "node:assert/strict";
import { createHost, defineTask } from "millrace";

const charge = defineTask({ kind: "billing.charge", run: () => "charged" });
await using host = createHost({ tasks: [charge] }); // it is not started: nobody serves the kind

// #region ask
const { task } = await host.enqueue(charge, undefined, { delayMs: 192_000 });
await host.pause({ kind: "billing.charge" }, { by: "ops@example.com", why: "the bank is down" });

const explanation = await host.explain(task.id);
console.log(explanation?.text);
// It is due in 3 min 11 s. The kind "billing.charge" is paused by ops@example.com: the bank is down. No live host …
// #endregion

// #region reasons
for (const reason of explanation?.reasons ?? []) {
  if (reason.code === "not-due") console.log("due at", new Date(reason.scheduledAt).toISOString());
  if (reason.code === "kind-paused") console.log("paused by", reason.by, "since", reason.since);
  if (reason.code === "no-host") console.log("nobody serves", reason.kind);
}
// #endregion
assert.deepEqual(
  explanation?.reasons.map(({ code }) => code),
  ["not-due", "kind-paused", "no-host"],
);
