import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { createTaskLiveSseHandler } from "@millrace/live/sse";
import { createHost, createTaskLiveHub, defineTask } from "millrace";

const greet = defineTask({ kind: "greet", run: (input: { name: string }) => `Hello ${input.name}` });
await using host = createHost({ tasks: [greet] });
await host.start();

const companies = new Map([["a-session", "acme"]]);

// #region serve
const hub = createTaskLiveHub<string | undefined>(host, {
  authorize: ({ principal }) => (principal === undefined ? null : { scope: { tenantId: principal } }),
});
const live = createTaskLiveSseHandler(hub, {
  principalOf: (request) => companies.get(request.headers.get("cookie") ?? ""), // whoever your session says it is
});
// #endregion

// #region node
// `live` takes a web-standard Request and answers a Response, as Hono, Next and Bun have them; this is for node:http.
const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController();
  outgoing.on("close", () => gone.abort());
  const headers = {
    cookie: incoming.headers.cookie ?? "",
    "last-event-id": incoming.headersDistinct["last-event-id"]?.[0] ?? "",
  };
  const request = new Request(new URL(incoming.url ?? "/", "http://localhost"), { headers, signal: gone.signal });
  const response = await live(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  Readable.fromWeb(response.body as ReadableStream)
    .on("error", () => outgoing.destroy())
    .pipe(outgoing);
}
// #endregion
await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
const { port } = server.address() as AddressInfo;

const query = encodeURIComponent(JSON.stringify({ kinds: ["greet"], includeValues: false }));
const address = `http://127.0.0.1:${port}/live?query=${query}`;
assert.equal((await fetch(address)).status, 403);
const response = await fetch(address, { headers: { cookie: "a-session" } });
await host.enqueue(greet, { name: "you" }, { tenantId: "acme" });
await host.enqueue(greet, { name: "them" }, { tenantId: "zest" });

const seen: string[] = [];
let text = "";
for await (const chunk of response.body ?? []) {
  text += new TextDecoder().decode(chunk);
  for (const [, type = ""] of text.matchAll(/"event":\{"event":"(\w+)"/g)) if (!seen.includes(type)) seen.push(type);
  if (seen.includes("succeeded")) break;
}
console.log(seen.join(", ")); // enqueued, claimed, started, succeeded
assert(!text.includes("zest"));
await hub.close();
server.closeAllConnections();
server.close();
