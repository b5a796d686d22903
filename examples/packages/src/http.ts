import { createTaskClient } from "@millrace/engine";
import { createTaskHttpHandler } from "@millrace/http";
import { createMemoryTaskStore } from "@millrace/store-memory";

const client = createTaskClient({ store: createMemoryTaskStore() }); // or a host
const handler = createTaskHttpHandler({
  client,
  authorize: (request) =>
    request.headers.get("authorization") === "Bearer s3cret" ? { user: "ops", can: ["read", "retry"] } : null,
});
const headers = { authorization: "Bearer s3cret" };
const response = await handler(new Request("https://example.com/ops/v1/tasks?q=state:failed", { headers }));
console.log(response.status);
