export { socketConnection, type SocketConnectionOptions, type TrackedSocket } from "./connect/socket-connection.ts";
