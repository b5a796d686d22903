// Pages that are small and seldom the first: a file for each would be more wrapping than page.
export { AuditPage } from "./audit/audit-page.tsx";
export { ErrorsPage } from "./errors/errors-page.tsx";
export { HostsPage } from "./hosts/hosts-page.tsx";
export { KindsPage } from "./kinds/kinds-page.tsx";
export { SettingsPage } from "./settings/settings-page.tsx";
