import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * What a proxy does with bytes: `pass` hands them on; `deaf` swallows the server's, so that what was asked is done and nobody
 * hears of it; `deaf-to-commit` does so from the next COMMIT on; `half-open` swallows those of both sides, as a network does
 * that has lost the way.
 */
export type ProxyMode = "pass" | "deaf" | "deaf-to-commit" | "half-open";

const commitTag = Buffer.from("COMMIT\0");

/** Something between a client and a server that loses bytes when told to. */
export interface TcpProxy {
  readonly port: number;
  /** The same address by way of this proxy. */
  readonly over: (url: string) => string;
  /** How the `place`th of the open connections, or each of them, behaves until it is gone. False when there is none. */
  readonly spoil: (place: number | "all", mode: ProxyMode) => boolean;
  /** Ends every connection without a good-bye; those of a mode only, when one is named. How many those were. */
  readonly cut: (mode?: ProxyMode) => number;
  /** How many connections have come so far. */
  readonly accepted: () => number;
  readonly close: () => Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  mode: ProxyMode;
}

/** Opens a proxy in front of the server of an address. */
export async function openTcpProxy(url: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(url);
  const pairs = new Set<Pair>();
  let accepted = 0;
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    accepted += 1;
    const server = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    const pair: Pair = { client, server, mode: "pass" };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      pair.client.destroy();
      pair.server.destroy();
    };
    join(pair, end);
  });
  const own = await listening(listener);
  const cut = (mode?: ProxyMode): number => {
    const chosen = [...pairs].filter((pair) => mode === undefined || pair.mode === mode);
    for (const { client, server } of chosen) {
      client.resetAndDestroy();
      server.destroy();
    }
    return chosen.length;
  };
  return {
    port: own,
    over: (address) => {
      const changed = new URL(address);
      changed.hostname = "127.0.0.1";
      changed.port = String(own);
      return changed.href;
    },
    spoil: (place, mode) => {
      const all = [...pairs];
      const chosen = place === "all" ? all : all.splice(place % Math.max(1, all.length), 1);
      for (const pair of chosen) pair.mode = mode;
      return chosen.length > 0;
    },
    cut,
    accepted: () => accepted,
    close: async () => {
      const closed = new Promise((resolve) => listener.close(resolve));
      cut();
      await closed;
    },
  };
}

function join(pair: Pair, end: () => void): void {
  const { client, server } = pair;
  // Nagle's pause would be ours, not the network's.
  for (const socket of [client, server]) socket.setNoDelay(true).on("error", end);
  client.on("data", (bytes) => {
    if (pair.mode !== "half-open") server.write(bytes);
  });
  server.on("data", (bytes) => {
    if (pair.mode === "deaf-to-commit" && bytes.includes(commitTag)) pair.mode = "deaf";
    if (mayAnswer(pair)) client.write(bytes);
  });
  // Where bytes are lost, the news of an end is lost as well.
  client.on("end", () => {
    if (pair.mode !== "half-open") server.end();
  });
  server.on("end", () => {
    if (mayAnswer(pair)) client.end();
  });
  client.on("close", () => {
    if (pair.mode !== "half-open") end();
  });
  server.on("close", () => {
    if (mayAnswer(pair)) end();
  });
}

function mayAnswer({ mode }: Pair): boolean {
  return mode === "pass" || mode === "deaf-to-commit";
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
