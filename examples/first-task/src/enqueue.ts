import { createHost } from "millrace";
import { confirmOrder } from "./tasks.ts";

// A host that is not started runs nothing; it can enqueue all the same.
await using host = createHost({ tasks: [confirmOrder] });
const { task, disposition } = await host.enqueue(confirmOrder, { orderId: "o-1" }, { dedupeKey: "o-1" });
console.log(`${disposition}: ${task.kind} is ${task.state}`);
