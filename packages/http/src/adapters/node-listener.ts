import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { TaskHttpHandler } from "../create-task-http-handler.ts";

/** What frameworks add to a request of Node. */
interface FrameworkRequest extends IncomingMessage {
  /** Express: the whole path, also under a mount. */
  readonly originalUrl?: string;
  /** What a body parser that came first has left of the body. */
  readonly body?: unknown;
}

/** Serves requests of `node:http`, and of what is made of it: Express, Connect, middie. Never throws, never rejects. */
export type TaskNodeListener = (request: IncomingMessage, response: ServerResponse) => void;

/** Makes a listener of `node:http` of a handler: `createServer(toNodeListener(handler))`, `app.use("/ops", toNodeListener(handler))`. */
export function toNodeListener(handler: TaskHttpHandler): TaskNodeListener {
  return (request, response) => {
    answer(handler, request, response).catch(() => response.destroy());
  };
}

async function answer(handler: TaskHttpHandler, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = requestOf(incoming);
  if (request === null) {
    response.writeHead(400).end();
    return;
  }
  const { status, headers, body } = await handler(request);
  response.writeHead(status, Object.fromEntries(headers));
  if (body === null || incoming.method === "HEAD") {
    response.end();
    return;
  }
  // Ends the stream too when the other side goes away.
  await pipeline(Readable.fromWeb(body), response).catch(() => response.destroy());
}

/** Null for what no address can be made of. */
function requestOf(incoming: FrameworkRequest): Request | null {
  const { method = "GET", headers, originalUrl, url = "/" } = incoming;
  const isSecure = "encrypted" in incoming.socket && incoming.socket.encrypted === true;
  const path = originalUrl ?? url;
  const address = `${isSecure ? "https" : "http"}://${headers.host ?? "localhost"}${path}`;
  if (!path.startsWith("/") || !URL.canParse(address)) return null;
  try {
    return new Request(address, {
      method,
      headers: headersOf(incoming),
      ...(method === "GET" || method === "HEAD" ? {} : bodyOf(incoming)),
    });
  } catch {
    // A method or header that no request may have, such as TRACE.
    return null;
  }
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = [rawHeaders[at], rawHeaders[at + 1]];
    if (!name.startsWith(":")) headers.append(name, value);
  }
  return headers;
}

function bodyOf(incoming: FrameworkRequest): RequestInit {
  // A parser that came first has read it to its end: what it made of it is all there is.
  if (incoming.readableEnded && incoming.body !== undefined) return { body: textOf(incoming.body) };
  return { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" };
}

function textOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}
