import { buildPage, startDashboard } from "@millrace/dashboard-server";
import { createHost, scheduler, silentLogger, type HostOptions } from "millrace";
import { fillShowcase } from "./fill-showcase.ts";
import { loseHost } from "./lose-host.ts";
import { showcaseSchedules } from "./showcase-schedules.ts";
import { showcaseTasks } from "./showcase-tasks.ts";

const dayMs = 86_400_000;

/** What is shown, and where. */
export interface ShowcaseRequest {
  readonly place: Pick<HostOptions, "path" | "postgres">;
  /** When the run began: what was missed, was missed before. */
  readonly startedAt: number;
  readonly port: number;
}

/** A running dashboard with a shop to look at. */
export interface Showcase {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts a second host, beside the one that does the demo's work and over a connection of its own: whatever is looked at or
 * clicked on, that one goes on as if nobody was there.
 */
export async function startShowcase({ place, startedAt, port }: ShowcaseRequest): Promise<Showcase> {
  const schedules = scheduler({ schedules: showcaseSchedules(startedAt), source: "demo" });
  const host = createHost({
    ...place,
    tasks: showcaseTasks,
    services: [schedules],
    label: "shop-1",
    concurrency: 8,
    leaseMs: 3_000,
    heartbeatMs: 1_000,
    sweepIntervalMs: 1_000,
    retentionPolicy: {
      successTtlMs: 7 * dayMs,
      failedTtlMs: 30 * dayMs,
      cancelledTtlMs: 7 * dayMs,
      keepLatestFailuresPerKind: 1_000,
      stepLimitPerTask: 500,
    },
    retentionScanIntervalMs: 5_000,
    logger: silentLogger,
  });
  const stop = new AbortController();
  const close = async (): Promise<void> => {
    stop.abort();
    await host.close({ graceMs: 0 });
  };
  try {
    await Promise.all([host.start().then(() => fillShowcase(host)), buildPage()]);
    const server = await startDashboard({
      host,
      schedules,
      hostname: "127.0.0.1",
      port,
      token: null,
      title: "Millrace demo",
      environment: { name: "DEMO", tone: "calm" },
    });
    const lost = loseHost(place, stop.signal);
    return {
      url: server.url,
      async close() {
        await server.close();
        await close();
        await lost;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
