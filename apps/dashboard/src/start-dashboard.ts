import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createDashboardHandler, type DashboardEnvironment } from "@millrace/dashboard";
import { type ServedHost, type ServedSchedules, type TaskAuditLog, type TaskHttpHandler } from "@millrace/http";
import { toNodeListener } from "@millrace/http/node";
import { silentLogger, type Logger } from "@millrace/models";
import { createDoorkeeper, isLoopback, type Doorkeeper } from "./access.ts";

/** What is served, and where. */
export interface DashboardServerOptions {
  readonly host: ServedHost;
  readonly schedules: ServedSchedules;
  /** The name or address to listen at. Any but this machine's own needs a token. */
  readonly hostname: string;
  /** 0 = any that is free. */
  readonly port: number;
  /** Null = whoever is on this machine. */
  readonly token: string | null;
  readonly readOnly?: boolean;
  /** @defaultValue "Millrace" */
  readonly title?: string;
  /** A badge beside the title. @defaultValue none */
  readonly environment?: DashboardEnvironment;
  /** @defaultValue in memory */
  readonly auditLog?: TaskAuditLog;
  /** @defaultValue silent */
  readonly logger?: Logger;
}

/** A running server. */
export interface DashboardServer {
  readonly url: string;
  close(): Promise<void>;
}

/** What can be said to whoever started it, without a stack. */
export class DashboardProblem extends Error {
  override readonly name: string = "DashboardProblem";
}

const shortestToken = 16;

/** Serves page and API until it is closed. @throws `DashboardProblem` when it would stand open, or cannot listen there */
export async function startDashboard(options: DashboardServerOptions): Promise<DashboardServer> {
  const { hostname, port, token } = options;
  if (token === null && !isLoopback(hostname)) {
    throw new DashboardProblem(
      `${hostname} can be reached from other machines, and there is no token.\nSet MILLRACE_TOKEN to ${shortestToken} or more characters, or listen at 127.0.0.1.`,
    );
  }
  if (token !== null && token.length < shortestToken) {
    throw new DashboardProblem(`MILLRACE_TOKEN has ${token.length} characters; it needs ${shortestToken} or more.`);
  }
  const doorkeeper = createDoorkeeper(token);
  const server = createServer(toNodeListener(guarded(handlerOf(options, doorkeeper), doorkeeper)));
  await listening(server, { hostname, port });
  const at = (server.address() as AddressInfo).port;
  return {
    url: `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${at}/`,
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, "close");
    },
  };
}

function handlerOf(options: DashboardServerOptions, doorkeeper: Doorkeeper): TaskHttpHandler {
  const { host, schedules, readOnly = false, auditLog, logger = silentLogger, title, environment } = options;
  return createDashboardHandler({
    api: {
      host,
      schedules,
      authorize: doorkeeper,
      readOnly,
      logger,
      ...(auditLog === undefined ? {} : { auditLog }),
    },
    ...(title === undefined ? {} : { title }),
    ...(environment === undefined ? {} : { environment }),
  });
}

/** Nobody unknown gets as far as the page; its browser is asked for the token, and sends it with everything after that. */
function guarded(handler: TaskHttpHandler, doorkeeper: Doorkeeper): TaskHttpHandler {
  return async (request) => {
    const { pathname } = new URL(request.url);
    // The API refuses by itself, in its own words, and counts it.
    if (pathname.startsWith("/api/v1") || doorkeeper(request) !== null) return handler(request);
    return new Response("Who are you? Any name will do; the password is the token.\n", {
      status: 401,
      headers: {
        "www-authenticate": 'Basic realm="Millrace", charset="UTF-8"',
        "content-type": "text/plain; charset=utf-8",
        "cache-control": "no-store",
      },
    });
  };
}

async function listening(
  server: Server,
  { hostname, port }: Pick<DashboardServerOptions, "hostname" | "port">,
): Promise<void> {
  server.listen(port, hostname);
  try {
    await once(server, "listening");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new DashboardProblem(`Port ${port} of ${hostname} is taken. Choose another with --port, or 0 for any.`);
    }
    if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
      throw new DashboardProblem(
        `It cannot listen at ${hostname}:${port} (${code}). Choose others with --host and --port.`,
      );
    }
    throw error;
  }
}
