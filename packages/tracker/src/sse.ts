export { sseConnection, type SseConnectionOptions, type TrackedEventSource } from "./connect/sse-connection.ts";
