export { createDashboardHandler, type DashboardHandler } from "./create-dashboard-handler.ts";
export { type DashboardEnvironment, type DashboardOptions } from "./dashboard-options.ts";
