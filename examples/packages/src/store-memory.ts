import { aRequest } from "@millrace/conformance/builders";
import { createManualClock } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";

const clock = createManualClock();
const store = createMemoryTaskStore({ clock });
await store.enqueue([{ tasks: [aRequest({ kind: "mail.send" })] }]);

const kinds = [{ kind: "mail.send", slots: 1 }];
await store.claim({ hostId: "a", kinds, limit: 1, leaseMs: 30_000, suspects: "include" });
clock.advance(30_001); // the host was not heard of for longer than its lease
console.log((await store.expire(100)).map(({ status }) => status)); // [ "queued" ]
