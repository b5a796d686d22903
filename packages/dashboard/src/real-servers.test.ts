import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { toFastifyPlugin, toNodeListener } from "@millrace/http/node";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
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

interface Running extends AsyncDisposable {
  readonly url: string;
}

async function listening(server: Server): Promise<Running> {
  if (!server.listening) await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const onNode = (listener: RequestListener): Promise<Running> =>
  listening(createServer(listener).listen(0, "127.0.0.1"));
const onHono = (app: Hono): Promise<Running> =>
  listening(serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }) as Server);

/** Every way that the guide names, each under `/ops`. */
const servers: Readonly<Record<string, () => Promise<Running>>> = {
  "node:http": () => onNode(toNodeListener(handler)),
  Express: () => onNode(express().use("/ops", toNodeListener(handler))),
  async Fastify() {
    const app = fastify();
    await app.register(toFastifyPlugin(handler), { prefix: "/ops" });
    await app.listen({ port: 0, host: "127.0.0.1" });
    return listening(app.server);
  },
  Hono: () => onHono(new Hono().all("/ops/*", (context) => handler(context.req.raw))),
  "Hono, mounted": () => onHono(new Hono().mount("/ops", handler, { replaceRequest: (request) => request })),
  "Next, by its shape": async () => {
    const routeHandler: (request: Request, context: { readonly params: Promise<unknown> }) => Promise<Response> =
      handler;
    const params = Promise.resolve({});
    return onHono(new Hono().all("/ops/*", (context) => routeHandler(context.req.raw, { params })));
  },
};

describe.each(Object.entries(servers))("under %s", (_name, start) => {
  it("serves page, files and API", async () => {
    await using server = await start();
    const page = await fetch(`${server.url}/ops/`);
    expect([page.status, await page.text()]).toEqual([200, "<title>Jobs</title>"]);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await (await fetch(`${server.url}/ops/assets/main.js`)).text()).toBe("main()");
    const answer = await fetch(`${server.url}/ops/api/v1/tasks`, { method: "POST", body: "ü" });
    expect(await answer.text()).toBe("POST ü");
  });
});
