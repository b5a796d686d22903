import { describe, expect, it } from "vitest";
import { httpBench, type HttpBench } from "../testing/http-bench.ts";

interface Message {
  readonly type: string;
  readonly snapshots?: readonly { readonly id: string }[];
  readonly event?: { readonly taskId: string };
}

/** Reads messages of a stream until one is what is looked for. */
async function until(response: Response, isIt: (message: Message) => boolean): Promise<readonly Message[]> {
  const seen: Message[] = [];
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const parts = text.split("\n\n");
    text = parts.pop() ?? "";
    for (const part of parts) {
      const data = part.split("\n").flatMap((line) => (line.startsWith("data:") ? [line.slice(5)] : []));
      if (data.length === 0) continue;
      const message = JSON.parse(data.join("\n")) as Message;
      seen.push(message);
      if (isIt(message)) return seen;
    }
  }
  return seen;
}

const open = ({ handler }: HttpBench, query: unknown, signal: AbortSignal): Promise<Response> => {
  const address = `https://example.com/ops/v1/live?query=${encodeURIComponent(JSON.stringify(query))}`;
  return handler(new Request(address, { signal }));
};

describe("a live view over HTTP", () => {
  it("R45, R48, R51: begins with a snapshot and goes on with every change after it", async () => {
    await using bench = httpBench();
    const stop = new AbortController();
    const id = await bench.enqueue();
    const response = await open(bench, { kinds: ["work"] }, stop.signal);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    await bench.host.cancel(id);
    const [first, ...rest] = await until(response, ({ type }) => type === "event");
    expect(first?.snapshots?.map((task) => task.id)).toEqual([id]);
    expect(rest.at(-1)?.event?.taskId).toBe(id);
    stop.abort();
  });

  it("S3, E30: whoever is kept to a tenant sees that tenant only", async () => {
    await using bench = httpBench({ authorize: () => ({ user: "ann", can: ["read"], tenantId: "a" }) });
    const stop = new AbortController();
    await bench.enqueue("work", { tenantId: "b" });
    const own = await bench.enqueue("work", { tenantId: "a" });
    const response = await open(bench, {}, stop.signal);
    await bench.enqueue("work", { tenantId: "b" });
    await bench.host.cancel(own);
    const seen = await until(response, ({ type }) => type === "event");
    expect(seen[0]?.snapshots?.map((task) => task.id)).toEqual([own]);
    expect(seen.at(-1)?.event?.taskId).toBe(own);
    stop.abort();
  });

  it.each([
    ["{", "query.query"],
    ['{"topic":1}', "query.query.topic"],
    ['{"limit":0}', "query.query.limit"],
  ])("Q63: refuses the query %s as every route does, at %s", async (query, path) => {
    await using bench = httpBench();
    const answer = await bench.get(`/v1/live?query=${encodeURIComponent(query)}`);
    const requestId = answer.headers.get("x-request-id");
    const type = "urn:millrace:error:QUERY_INVALID";
    expect(answer).toMatchObject({ status: 400, body: { type, code: "QUERY_INVALID", path, requestId } });
  });

  it.each([
    ["/v1/live?after=nonsense", {}, "query.after"],
    ["/v1/live", { "last-event-id": "nonsense" }, "header.last-event-id"],
    ["/v1/live", { "last-event-id": "%E0%A4" }, "header.last-event-id"],
  ])("Q63: refuses a place that is none: %s %j", async (path, headers, at) => {
    await using bench = httpBench();
    const answer = await bench.send(path, { headers });
    expect(answer).toMatchObject({ status: 400, body: { code: "CURSOR_INVALID", path: at } });
  });
});
