import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createDashboardHandler } from "@millrace/dashboard";
import { toNodeListener } from "@millrace/http/node";
import { createHost, defineTask } from "millrace";

const charge = defineTask({
  kind: "billing.charge",
  run: ({ customer }: { customer: string }) => `charged ${customer}`,
});
await using host = createHost({ tasks: [charge] });
await host.start();

// #region mount
const dashboard = createDashboardHandler({
  api: {
    host,
    authorize(request) {
      // Whatever your sign-in gave the browser: the page sends cookies, and nothing of its own.
      if (!request.headers.get("cookie")?.split("; ").includes("session=s3cret")) return null; // 401
      return { user: "ada", can: "everything" };
    },
  },
  title: "Acme Jobs",
  environment: { name: "PROD", tone: "danger" },
});
const serveDashboard = toNodeListener(dashboard);
const server = createServer((request, response) => {
  if (request.url?.startsWith("/ops")) serveDashboard(request, response);
  else response.end("the rest of your program");
});
server.listen(0);
// #endregion
await once(server, "listening");
const url = `http://localhost:${(server.address() as AddressInfo).port}/ops`;

const page = await fetch(url);
assert.ok(page.url.endsWith("/ops/"));
assert.match(await page.text(), /<title>Acme Jobs<\/title>/);
assert.match(page.headers.get("content-security-policy") ?? "", /script-src 'self'/);

assert.equal((await fetch(`${url}/api/v1`)).status, 401);
const about = await fetch(`${url}/api/v1`, { headers: { cookie: "session=s3cret" } });
const { user } = (await about.json()) as { user: string };
console.log(`${url}/ is open to ${user}`);
assert.equal(user, "ada");
server.close();
server.closeAllConnections();
