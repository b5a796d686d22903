import type { Channel } from "@millrace/executor-protocol";

/** What both `process` (in a child) and a `ChildProcess` (in its parent) offer. */
interface IpcEnd {
  send?(message: unknown, handle: undefined, options: object, sent: (error: Error | null) => void): boolean;
  on(event: "message", listen: (message: unknown) => void): unknown;
  off(event: "message", listen: (message: unknown) => void): unknown;
  disconnect?(): void;
  readonly connected: boolean;
}

/** Makes a channel of one end of a child's IPC line. */
export function ipcChannel(end: IpcEnd): Channel {
  const send = end.send?.bind(end);
  return {
    post(message) {
      return new Promise((resolve, reject) => {
        if (!send || !end.connected) {
          reject(new Error("The line to the other process is closed."));
          return;
        }
        // Throws at once what cannot be cloned; the callback comes when the message has been written.
        send(message, undefined, {}, (error) => (error ? reject(error) : resolve()));
      });
    },
    onMessage(listen) {
      end.on("message", listen);
      return () => void end.off("message", listen);
    },
    close() {
      if (end.connected) end.disconnect?.();
    },
  };
}

/**
 * The channel of this child. Handlers and their libraries no longer find `process.send`: many take it for a process manager's line and
 * write to it.
 */
export function takeParentChannel(): Channel {
  const channel = ipcChannel(process);
  Reflect.deleteProperty(process, "send");
  return channel;
}
