export { attachTaskLiveSocketBridge, type TaskLiveSocketBridgeOptions } from "./socket-io/attach-socket-bridge.ts";
export { type LiveSocket, type LiveSocketServer } from "./socket-io/socket-shape.ts";
