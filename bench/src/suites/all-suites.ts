import type { Suite } from "../harness/suite.ts";
import { busyKeySuite } from "./busy-key.ts";
import { dashboardBrowserSuite } from "./dashboard-browser.ts";
import { dashboardHttpSuite, postgresDashboardHttpSuite } from "./dashboard-http.ts";
import { enqueueSuite } from "./enqueue.ts";
import { growthSuite } from "./growth.ts";
import { latencySuite } from "./latency.ts";
import { liveSuite } from "./live.ts";
import { memorySuite } from "./memory.ts";
import { postgresBareSuite } from "./postgres-bare.ts";
import { postgresEnqueueSuite } from "./postgres-enqueue.ts";
import { postgresGrowthSuite } from "./postgres-growth.ts";
import { postgresLatencySuite } from "./postgres-latency.ts";
import { postgresProcessSuite } from "./postgres-process.ts";
import { postgresRecoverySuite } from "./postgres-recovery.ts";
import { processSuite } from "./process.ts";
import { postgresScheduleSuite, scheduleSuite } from "./schedule.ts";
import { twoWritersSuite } from "./two-writers.ts";

/** Everything that is measured. */
export const suites: readonly Suite[] = [
  processSuite,
  enqueueSuite,
  latencySuite,
  growthSuite,
  busyKeySuite,
  memorySuite,
  liveSuite,
  twoWritersSuite,
  scheduleSuite,
  dashboardHttpSuite,
  dashboardBrowserSuite,
  postgresProcessSuite,
  postgresBareSuite,
  postgresEnqueueSuite,
  postgresLatencySuite,
  postgresGrowthSuite,
  postgresRecoverySuite,
  postgresScheduleSuite,
  postgresDashboardHttpSuite,
];
