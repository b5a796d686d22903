import type { Channel } from "@millrace/executor-protocol";
import type { MessagePort, Worker } from "node:worker_threads";

/** The line between a thread and its host, seen from either end. */
export function portChannel(port: Pick<MessagePort | Worker, "postMessage" | "on" | "off">): Channel {
  return {
    // Async, so that what cannot be cloned rejects instead of throwing.
    post: async (message) => port.postMessage(message),
    onMessage(listen) {
      port.on("message", listen);
      return () => void port.off("message", listen);
    },
    close() {},
  };
}
