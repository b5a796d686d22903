import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { toFastifyPlugin } from "../adapters/fastify-plugin.ts";
import { toNodeListener } from "../adapters/node-listener.ts";

/** What is mounted. */
export type MountedHandler = (request: Request) => Promise<Response>;

/** A server that listens until it is disposed of. */
export interface Running extends AsyncDisposable {
  readonly url: string;
}

/** Every way a handler is mounted that the guides name, each under `/ops`. */
export const mounts: Readonly<Record<string, (handler: MountedHandler) => Promise<Running>>> = {
  "node:http": (handler) => onNode(toNodeListener(handler)),
  Express: (handler) => onNode(express().use("/ops", toNodeListener(handler))),
  "Express behind express.json()": (handler) =>
    onNode(express().use(express.json()).use("/ops", toNodeListener(handler))),
  async Fastify(handler) {
    const app = fastify();
    await app.register(toFastifyPlugin(handler), { prefix: "/ops" });
    await app.listen({ port: 0, host: "127.0.0.1" });
    return listening(app.server);
  },
  "Hono, mounted": (handler) => onHono(new Hono().mount("/ops", handler, { replaceRequest: (request) => request })),
  "Hono, by app.all": (handler) => onHono(new Hono().all("/ops/*", (context) => handler(context.req.raw))),
  // app/ops/[...path]/route.ts: export { handler as GET, handler as POST, handler as DELETE }
  "Next, by the shape of its route handlers": (handler) => {
    const routeHandler: (request: Request, context: { readonly params: Promise<unknown> }) => Promise<Response> =
      handler;
    const params = Promise.resolve({ path: ["v1"] });
    return onHono(new Hono().all("/ops/*", (context) => routeHandler(context.req.raw, { params })));
  },
};

/** A server of node:http. */
export function onNode(listener: RequestListener): Promise<Running> {
  return listening(createServer(listener).listen(0, "127.0.0.1"));
}

function onHono(app: Hono): Promise<Running> {
  return listening(serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }) as Server);
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
