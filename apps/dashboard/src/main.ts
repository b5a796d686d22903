import { existsSync } from "node:fs";
import { createHost, isTaskError, scheduler } from "millrace";
import { buildPage } from "./build-page.ts";
import { openFileAuditLog } from "./file-audit-log.ts";
import { readSettings, usage, type Settings } from "./settings.ts";
import { DashboardProblem, startDashboard } from "./start-dashboard.ts";

try {
  const settings = readSettings(process.argv.slice(2), process.env);
  if (settings === null) process.stdout.write(usage);
  else await serve(settings);
} catch (error) {
  if (!(error instanceof DashboardProblem) && !isTaskError(error)) throw error;
  process.stderr.write(`${error instanceof DashboardProblem ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** Serves until Ctrl-C. */
async function serve({ store, hostname, port, token, readOnly, auditFile }: Settings): Promise<void> {
  if ("path" in store && !existsSync(store.path)) {
    throw new DashboardProblem(
      `There is no file ${store.path}.\nName the one of your host with --sqlite, or a Postgres with DATABASE_URL.`,
    );
  }
  const schedules = scheduler({ follow: false });
  // It serves no kind but bulk actions, and leaves occurrences to the hosts that know them.
  const host = createHost({
    ...("path" in store ? { path: store.path } : { postgres: store }),
    services: [schedules],
    label: "dashboard",
    logger: console,
  });
  const stopped = Promise.withResolvers<null>();
  process.once("SIGINT", () => stopped.resolve(null)).once("SIGTERM", () => stopped.resolve(null));
  try {
    await Promise.all([host.start(), buildPage()]);
    const auditLog = auditFile === null ? {} : { auditLog: await openFileAuditLog(auditFile) };
    const server = await startDashboard({
      host,
      schedules,
      hostname,
      port,
      token,
      readOnly,
      logger: console,
      ...auditLog,
    });
    process.stdout.write(`Millrace dashboard: ${server.url}\n`);
    await stopped.promise;
    await server.close();
  } finally {
    await host.close({ graceMs: 1_000 });
  }
}
