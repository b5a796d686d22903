import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attachTaskLiveSocketBridge } from "@millrace/live/socket-io";
import { createHost, createTaskLiveHub, defineTask, type TaskLiveMessage } from "millrace";
import { Server, type Socket } from "socket.io";
import { io as connect } from "socket.io-client";

const greet = defineTask({ kind: "greet", run: (input: { name: string }) => `Hello ${input.name}` });
await using host = createHost({ tasks: [greet] });
await host.start();

const http = createServer();
const sessions = new Map([["a-session", "acme"]]);

// #region serve
const io = new Server(http, { transports: ["websocket"] });
io.use((socket, next) => {
  const company = sessions.get(String(socket.handshake.auth["session"]));
  if (company === undefined) return next(new Error("sign in first"));
  socket.data = { company };
  next();
});

const hub = createTaskLiveHub<string>(host, { authorize: ({ principal }) => ({ scope: { tenantId: principal } }) });
const detach = attachTaskLiveSocketBridge(io, {
  hub,
  principalOf: (socket: Socket) => (socket.data as { company: string }).company,
});
// #endregion

await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
const seen: string[] = [];
const done = Promise.withResolvers<void>();

// #region client
const socket = connect(url, { auth: { session: "a-session" }, transports: ["websocket"] });
socket.emit("tasks:subscribe", { id: "greetings", query: { kinds: ["greet"] } });
socket.on("tasks:live", (message: TaskLiveMessage & { id: string }) => {
  if (message.id === "greetings" && message.type === "event") show(message.event.event);
  if (message.type === "end") console.error(message.message, message.fix);
});
// #endregion

function show(event: string): void {
  seen.push(event);
  if (event === "succeeded") done.resolve();
}
await new Promise<void>((begun) => socket.once("tasks:live", () => begun()));
await host.enqueue(greet, { name: "them" }, { tenantId: "zest" });
await host.enqueue(greet, { name: "you" }, { tenantId: "acme" });
await done.promise;
console.log(seen.join(", "));
assert.deepEqual(seen, ["enqueued", "claimed", "started", "succeeded"]);
detach();
socket.disconnect();
await hub.close();
await io.close();
