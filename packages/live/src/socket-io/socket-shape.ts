/** What the bridge uses of a Socket.IO server or namespace. */
export interface LiveSocketServer<Socket extends LiveSocket = LiveSocket> {
  on(event: "connection", listener: (socket: Socket) => void): unknown;
  off(event: "connection", listener: (socket: Socket) => void): unknown;
}

/** What the bridge uses of a socket. */
export interface LiveSocket {
  on(event: string, listener: (...values: never[]) => void): unknown;
  off(event: string, listener: (...values: never[]) => void): unknown;
  emit(event: string, ...values: unknown[]): unknown;
  /** How it says that its reader is behind; without it nothing waits for the reader but its own connection. */
  readonly conn?: LiveConnection;
}

/** What the bridge uses of the connection underneath. */
export interface LiveConnection {
  readonly writeBuffer?: { readonly length: number };
  once(event: "drain" | "close", listener: () => void): unknown;
  off(event: "drain" | "close", listener: () => void): unknown;
}

/** So many packets are on their way to a reader at most; the rest waits in the hub, where it is bounded and may be left out. */
const packetsOnTheWay = 16;

/** Resolves when the connection has room again; at once when it has room, or cannot tell. */
export function whenWritable({ conn }: LiveSocket): Promise<void> | undefined {
  if (conn === undefined || (conn.writeBuffer?.length ?? 0) < packetsOnTheWay) return undefined;
  return new Promise((resolve) => {
    const go = (): void => {
      conn.off("drain", go);
      conn.off("close", go);
      resolve();
    };
    conn.once("drain", go);
    conn.once("close", go);
  });
}
