export { endedCode, endedOfCode } from "./codec/ended-code.ts";
export { controlEventOfCode, eventCode, firstControlCode, taskEventOfCode } from "./codec/event-code.ts";
export { statusCode, statusOfCode } from "./codec/status-code.ts";
export { valueOfColumn, valueToColumn } from "./codec/stored-value-column.ts";
export { JournalBuffer, type JournalGroup, startedAndSucceeded, uniform } from "./journal/journal-buffer.ts";
export { eventFilter, type PackedEvents, unpackEvent, type UnjoinedEvent } from "./journal/packed-events.ts";
export {
  bucketOf,
  hasToken,
  rateOfColumn,
  rateToColumn,
  refilled,
  type TokenBucket,
  withoutToken,
} from "./limits/token-bucket.ts";
export { planMigrations, type Migration, type SchemaState } from "./migration/plan-migrations.ts";
export { checkName, defaultTablePrefix, withTablePrefix } from "./names/table-prefix.ts";
export { placeOfStep, placeOfTask, stepCursor, taskCursor, type TaskPlace } from "./page/page-cursor.ts";
export { deepFrozen } from "./row/deep-frozen.ts";
export { fixedOfColumn, fixedToColumn, usualFixed } from "./row/fixed-fields.ts";
export { hostColumns, hostOfRow, hostRow } from "./row/host-row.ts";
export { label, labelsOf } from "./row/labels.ts";
export { looseOfColumn, looseToColumn, usualLoose, usualProgress } from "./row/loose-fields.ts";
export { createWatchers, type Watchers } from "./watch/watchers.ts";
