export { controlEventOfCode, eventCode, firstControlCode, taskEventOfCode } from "./codec/event-code.ts";
export { statusCode, statusOfCode } from "./codec/status-code.ts";
export { valueOfColumn, valueToColumn } from "./codec/stored-value-column.ts";
export { planMigrations, type Migration, type SchemaState } from "./migration/plan-migrations.ts";
export { checkName, defaultTablePrefix, withTablePrefix } from "./names/table-prefix.ts";
