import { mounts } from "@millrace/http/testing/mounted";
import { describe, expect, it } from "vitest";
import { resolveDashboard } from "./dashboard-options.ts";
import { createPageHandler } from "./page/create-page-handler.ts";
import type { DashboardHandler } from "./index.ts";

const file = { type: "text/javascript", bytes: new TextEncoder().encode("main()"), gzipped: null, isLasting: true };
const handler: DashboardHandler = createPageHandler(
  resolveDashboard({
    api: async (request) => new Response(`${request.method} ${await request.text()}`),
    title: "Jobs",
  }),
  async () => ({ index: "<title>Millrace</title>", byName: new Map([["assets/main.js", file]]) }),
);

describe.each(Object.entries(mounts))("under %s", (_name, start) => {
  it("serves page, files and API", async () => {
    await using server = await start(handler);
    const page = await fetch(`${server.url}/ops/`);
    expect([page.status, await page.text()]).toEqual([200, "<title>Jobs</title>"]);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await (await fetch(`${server.url}/ops/assets/main.js`)).text()).toBe("main()");
    const answer = await fetch(`${server.url}/ops/api/v1/tasks`, { method: "POST", body: "ü" });
    expect(await answer.text()).toBe("POST ü");
  });
});
