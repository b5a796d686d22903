import { createDashboardHandler } from "@millrace/dashboard";
import { createTaskClient } from "@millrace/engine";
import { createMemoryTaskStore } from "@millrace/store-memory";

const client = createTaskClient({ store: createMemoryTaskStore() }); // or a host
const handler = createDashboardHandler({
  api: {
    client,
    authorize: (request) =>
      request.headers.get("cookie")?.includes("sid=s3cret") ? { user: "ops", can: "everything" } : null,
  },
  title: "Acme Jobs",
});
const response = await handler(new Request("https://example.com/ops/api/v1"));
console.log(response.status);
