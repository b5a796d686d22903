import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
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
