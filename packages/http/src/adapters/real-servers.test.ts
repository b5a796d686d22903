import { request as nodeRequest, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { httpBench } from "../testing/http-bench.ts";
import { mounts, onNode } from "../testing/mounted.ts";
import { toNodeListener } from "./node-listener.ts";

describe.each(Object.entries(mounts))("under %s", (_name, start) => {
  it("F61, R50: serves reads, changes, refusals and its own place", async () => {
    await using bench = httpBench();
    await using server = await start(bench.handler);
    const post = (path: string, body: string) =>
      fetch(`${server.url}/ops/v1${path}`, { method: "POST", headers: { "content-type": "application/json" }, body });
    const made = (await (await post("/tasks", '{"kind":"work","input":"ü"}')).json()) as { task: { id: string } };
    const shown = await fetch(`${server.url}/ops/v1/tasks/${made.task.id}`);
    expect(await shown.json()).toMatchObject({ input: "ü", kind: "work" });
    expect(shown.headers.get("x-content-type-options")).toBe("nosniff");
    const cancelled = await post(`/tasks/${made.task.id}/cancel`, '{"reason":"no"}');
    expect(await cancelled.json()).toMatchObject({ status: "cancelled", cancelReason: "no" });
    const kind = await fetch(`${server.url}/ops/v1/kinds/a%2Fb/pause`, { method: "POST" });
    expect(await kind.json()).toEqual({ kind: "a/b", paused: true });
    const removed = await fetch(`${server.url}/ops/v1/tasks/${made.task.id}`, { method: "DELETE" });
    expect(await removed.json()).toEqual({ removed: true });
    const refused = await fetch(`${server.url}/ops/v1/tasks?q=nothing:x`);
    expect([refused.status, await refused.json()]).toMatchObject([400, { code: "QUERY_INVALID", at: 0 }]);
    const document = await fetch(`${server.url}/ops/v1/openapi.json`);
    expect(await document.json()).toMatchObject({ servers: [{ url: "/ops" }] });
    const head = await fetch(`${server.url}/ops/v1/health`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });
});

describe("under node:http", () => {
  it("S14: gives up a body that never ends once it is too large, and closes", async () => {
    await using bench = httpBench({ limits: { bodyBytes: 10_000 } });
    await using server = await onNode(toNodeListener(bench.handler));
    const request = nodeRequest(`${server.url}/v1/tasks`, {
      method: "POST",
      headers: { "content-type": "application/json", "transfer-encoding": "chunked" },
    });
    request.on("error", () => {});
    request.write("x".repeat(20_000));
    const [response] = (await once(request, "response")) as [IncomingMessage];
    expect([response.statusCode, response.headers.connection]).toEqual([413, "close"]);
    request.destroy();
    response.destroy();
  });

  it("S18: survives what is no request of the web", async () => {
    await using bench = httpBench();
    await using server = await onNode(toNodeListener(bench.handler));
    const port = Number(new URL(server.url).port);
    const lines = [
      "GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET * HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /v1 HTTP/1.1\r\nHost: a b\r\n\r\n",
      "TRACE /v1 HTTP/1.1\r\nHost: x\r\n\r\n",
      "POST /v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{",
    ];
    for (const line of lines) {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      socket.on("error", () => {});
      socket.end(line);
      socket.resume();
      await once(socket, "close");
    }
    expect((await fetch(`${server.url}/v1/health`)).status).toBe(200);
  });
});
