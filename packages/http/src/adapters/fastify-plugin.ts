import type { IncomingMessage, ServerResponse } from "node:http";
import type { TaskHttpHandler } from "../create-task-http-handler.ts";
import { toNodeListener } from "./node-listener.ts";

/** What of a Fastify instance is used. */
export interface FastifyLike {
  removeAllContentTypeParsers(): void;
  addContentTypeParser(
    type: string,
    parser: (request: unknown, payload: unknown, done: (error: null, body?: unknown) => void) => void,
  ): unknown;
  all(
    path: string,
    handle: (
      request: { readonly raw: IncomingMessage },
      reply: { readonly raw: ServerResponse; hijack(): unknown },
    ) => void,
  ): unknown;
}

/** A plugin of Fastify: `fastify.register(toFastifyPlugin(handler), { prefix: "/ops" })`. */
export function toFastifyPlugin(
  handler: TaskHttpHandler,
): (instance: FastifyLike, options: unknown, done: () => void) => void {
  const listener = toNodeListener(handler);
  return (instance, _options, done) => {
    // Bodies are the handler's to read and to bound; this holds within the plugin only.
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser("*", (_request, _payload, ready) => ready(null));
    instance.all("/*", (request, reply) => {
      reply.hijack();
      listener(request.raw, reply.raw);
    });
    done();
  };
}
