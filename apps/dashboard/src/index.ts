export { startDashboard, type DashboardServer, type DashboardServerOptions } from "./start-dashboard.ts";
