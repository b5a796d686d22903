export { buildPage } from "./build-page.ts";
export { startDashboard, type DashboardServer, type DashboardServerOptions } from "./start-dashboard.ts";
