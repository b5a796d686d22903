import { silentLogger, systemClock, type Clock, type Logger, type TaskLiveMessage } from "@millrace/models";
import { checkGuard, type OpenToEveryone } from "../bridge/check-guard.ts";
import type { TaskLiveHub } from "../create-task-live-hub.ts";
import { checkKnown, optionError, whole } from "../hub-options.ts";
import { createSocketSubscriptions } from "./socket-subscriptions.ts";
import type { LiveSocket, LiveSocketServer } from "./socket-shape.ts";

/** How live views are served to sockets. */
export interface TaskLiveSocketBridgeOptions<Socket extends LiveSocket = LiveSocket, Principal = unknown> {
  readonly hub: TaskLiveHub<Principal>;
  /** Who a socket is, for the hub's `authorize`; asked for each subscription. @defaultValue the socket itself */
  readonly principalOf?: (socket: Socket) => Principal | Promise<Principal>;
  /** Serves a hub that has no `authorize`: everyone who connects sees every task. */
  readonly auth?: OpenToEveryone;
  /** What a client sends to subscribe: `{ id, query, after }`. @defaultValue "tasks:subscribe" */
  readonly subscribeEvent?: string;
  /** What it sends to stop: `{ id }` or the id. @defaultValue "tasks:unsubscribe" */
  readonly unsubscribeEvent?: string;
  /** Under what it is sent messages, each with the `id` of its subscription. @defaultValue "tasks:live" */
  readonly publishEvent?: string;
  /** How many subscriptions a socket may have. 1 to 10,000. @defaultValue 100 */
  readonly maxSubscriptions?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

const optionNames: ReadonlySet<string> = new Set<keyof TaskLiveSocketBridgeOptions>([
  "hub",
  "principalOf",
  "auth",
  "subscribeEvent",
  "unsubscribeEvent",
  "publishEvent",
  "maxSubscriptions",
  "clock",
  "logger",
]);

/**
 * Lets the sockets of a Socket.IO server or namespace subscribe to a hub. A client says `{ id, query }` and is sent messages
 * with that id; another subscription with the same id takes its place. Who may connect at all is decided by the server's
 * own middleware, before anything here.
 *
 * @returns how to stop: sockets stay connected, and are told nothing any more.
 * @throws `OPTION_INVALID`, also for a hub without `authorize` unless `auth` says that this is meant.
 */
export function attachTaskLiveSocketBridge<Socket extends LiveSocket, Principal = unknown>(
  server: LiveSocketServer<Socket>,
  options: TaskLiveSocketBridgeOptions<Socket, Principal>,
): () => void {
  const { hub, principalOf, clock = systemClock, logger = silentLogger, ...names } = checked(options);
  const { subscribeEvent, unsubscribeEvent, publishEvent, maxSubscriptions } = names;
  const detachments = new Set<() => void>();

  const connect = (socket: Socket): void => {
    const subscriptions = createSocketSubscriptions<Principal>({
      hub,
      socket,
      // Without a function of the program's own the socket says who it is.
      principalOf: () => (principalOf ? principalOf(socket) : (socket as unknown as Principal)),
      publishEvent,
      maxSubscriptions,
      clock,
      logger,
    });
    const subscribe = (payload?: unknown, acknowledge?: unknown): void => {
      void subscriptions.subscribe(payload).then((problem) => answer(acknowledge, problem));
    };
    const unsubscribe = (payload?: unknown, acknowledge?: unknown): void => {
      answer(acknowledge, subscriptions.unsubscribe(payload));
    };
    const leave = (): void => {
      detachments.delete(leave);
      socket.off(subscribeEvent, subscribe);
      socket.off(unsubscribeEvent, unsubscribe);
      socket.off("disconnect", leave);
      subscriptions.closeAll();
    };
    detachments.add(leave);
    socket.on(subscribeEvent, subscribe);
    socket.on(unsubscribeEvent, unsubscribe);
    socket.on("disconnect", leave);
  };

  server.on("connection", connect);
  return () => {
    server.off("connection", connect);
    for (const detach of detachments) detach();
  };
}

/** A client that wants to know is told whether it went well. */
function answer(acknowledge: unknown, problem: TaskLiveMessage | null): void {
  if (typeof acknowledge === "function") Reflect.apply(acknowledge, undefined, [problem ?? { type: "ok" }]);
}

function checked<Socket extends LiveSocket, Principal>(options: TaskLiveSocketBridgeOptions<Socket, Principal>) {
  checkKnown(options, optionNames);
  checkGuard(options.hub, options.auth);
  const { principalOf } = options;
  if (principalOf !== undefined && typeof principalOf !== "function") {
    throw optionError("principalOf", "must be a function");
  }
  const { subscribeEvent, unsubscribeEvent, publishEvent, maxSubscriptions = 100, ...rest } = options;
  return {
    ...rest,
    subscribeEvent: eventName("subscribeEvent", subscribeEvent ?? "tasks:subscribe"),
    unsubscribeEvent: eventName("unsubscribeEvent", unsubscribeEvent ?? "tasks:unsubscribe"),
    publishEvent: eventName("publishEvent", publishEvent ?? "tasks:live"),
    maxSubscriptions: whole("maxSubscriptions", maxSubscriptions, [1, 10_000]),
  };
}

function eventName(path: string, name: unknown): string {
  if (typeof name === "string" && name !== "" && name !== "disconnect") return name;
  throw optionError(path, "must be the name of an event");
}
