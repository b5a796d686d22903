import { once } from "node:events";
import { createServer } from "node:net";
import { Client } from "pg";
import { expect, inject, it, vi } from "vitest";
import { PatientSocket } from "./patient-socket.ts";

it("is closed a while after its good-bye, though nobody answers that", async () => {
  const silent = createServer({ allowHalfOpen: true });
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const address = silent.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const accepted = once(silent, "connection");
  const socket = new PatientSocket().connect(port, "127.0.0.1");
  await accepted;
  socket.end();
  await once(socket, "close");
  expect(socket.destroyed).toBe(true);
  silent.close();
});

it("sends the statements of one turn of the event loop in one system call", async () => {
  const socket = new PatientSocket();
  const client = new Client({ connectionString: inject("postgresUrl"), stream: () => socket, pipeline: true });
  await client.connect();
  const calls = vi.spyOn(socket, "_writev");
  const query = (value: number) => client.query({ name: "one", text: "select $1::integer", values: [value] });
  const answers = await Promise.all([query(1), query(2), query(3)]);
  expect(answers.map(({ rows }) => rows)).toEqual([[{ int4: 1 }], [{ int4: 2 }], [{ int4: 3 }]]);
  expect(calls).toHaveBeenCalledOnce();
  await client.end();
});
