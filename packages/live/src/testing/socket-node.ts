import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TaskLiveMessage } from "@millrace/models";
import { Server, type ServerOptions } from "socket.io";
import { io, type Socket } from "socket.io-client";

/** A message as a socket gets it. */
export type SocketMessage = TaskLiveMessage & { readonly id: string };

/** A real Socket.IO server, and clients of it. */
export interface SocketNode extends AsyncDisposable {
  readonly server: Server;
  /** A client that is connected, and all it is sent under `tasks:live`. */
  connect(): Promise<SocketClient>;
}

/** A client that is connected. */
export interface SocketClient {
  readonly socket: Socket;
  readonly messages: SocketMessage[];
  /** Those of one subscription, as `type version`, or the type of what is no event. */
  of(id: string): string[];
}

/** Starts a server on a port of its own. */
export async function openSocketNode(options: Partial<ServerOptions> = {}): Promise<SocketNode> {
  const http = createServer();
  const server = new Server(http, { transports: ["websocket"], ...options });
  await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
  const { port } = http.address() as AddressInfo;
  const clients: Socket[] = [];
  return {
    server,
    async connect() {
      const socket = io(`http://127.0.0.1:${port}`, { transports: ["websocket"], reconnection: false, forceNew: true });
      clients.push(socket);
      const messages: SocketMessage[] = [];
      socket.on("tasks:live", (message: SocketMessage) => messages.push(message));
      await new Promise<void>((resolve, reject) => socket.on("connect", resolve).on("connect_error", reject));
      const of = (id: string): string[] =>
        messages
          .filter((message) => message.id === id)
          .map((message) =>
            message.type === "event" ? `${message.event.event} ${message.event.version}` : message.type,
          );
      return { socket, messages, of };
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.disconnect();
      await server.close();
    },
  };
}
