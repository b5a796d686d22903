import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A line that processes hold: it breaks when they die, however they die. */
export interface Lifeline {
  /** Where to connect to; the first thing to send is the own process id. */
  readonly path: string;
  /** The next process that takes the line. */
  next(): Promise<{ readonly pid: number; readonly gone: Promise<void> }>;
  close(): Promise<void>;
}

/** Opens a lifeline on a socket of its own. */
export async function openLifeline(): Promise<Lifeline> {
  const directory = mkdtempSync(join(tmpdir(), "millrace-line-"));
  const path = join(directory, "line");
  const server = createServer();
  const sockets: Socket[] = [];
  const waiting: ((socket: Socket) => void)[] = [];
  server.on("connection", (socket) => {
    socket.on("error", () => {});
    const waiter = waiting.shift();
    if (waiter) waiter(socket);
    else sockets.push(socket);
  });
  server.listen(path);
  await once(server, "listening");
  return {
    path,
    async next() {
      const socket = sockets.shift() ?? (await new Promise<Socket>((resolve) => waiting.push(resolve)));
      const gone = new Promise<void>((resolve) => socket.once("close", () => resolve()));
      const [first] = (await once(socket, "data")) as [Buffer];
      return { pid: Number(first.toString()), gone };
    },
    async close() {
      server.close();
      await once(server, "close");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
