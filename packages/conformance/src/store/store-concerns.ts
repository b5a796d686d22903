import { aggregateCases } from "./cases/aggregate-cases.ts";
import { batchCases } from "./cases/batch-cases.ts";
import { cancelCases } from "./cases/cancel-cases.ts";
import { cascadeCases } from "./cases/cascade-cases.ts";
import { changeCases } from "./cases/change-cases.ts";
import { childrenCases } from "./cases/children-cases.ts";
import { claimLimitCases } from "./cases/claim-limit-cases.ts";
import { claimOrderCases } from "./cases/claim-order-cases.ts";
import { closeCases } from "./cases/close-cases.ts";
import { cursorCases } from "./cases/cursor-cases.ts";
import { dedupeCases } from "./cases/dedupe-cases.ts";
import { dependencyCases } from "./cases/dependency-cases.ts";
import { dependencyPolicyCases } from "./cases/dependency-policy-cases.ts";
import { enqueueCases } from "./cases/enqueue-cases.ts";
import { eventCases } from "./cases/event-cases.ts";
import { expireCases } from "./cases/expire-cases.ts";
import { facetCases } from "./cases/facet-cases.ts";
import { failureMarkCases } from "./cases/failure-mark-cases.ts";
import { healthCases } from "./cases/health-cases.ts";
import { hostCases } from "./cases/host-cases.ts";
import { leaseCases } from "./cases/lease-cases.ts";
import { limitCases } from "./cases/limit-cases.ts";
import { memoCases } from "./cases/memo-cases.ts";
import { occurrenceCases } from "./cases/occurrence-cases.ts";
import { occurrencePageCases } from "./cases/occurrence-page-cases.ts";
import { occurrenceRecordCases } from "./cases/occurrence-record-cases.ts";
import { pageCases } from "./cases/page-cases.ts";
import { pauseCases } from "./cases/pause-cases.ts";
import { plainDataCases } from "./cases/plain-data-cases.ts";
import { podCases } from "./cases/pod-cases.ts";
import { readCases } from "./cases/read-cases.ts";
import { removeCases } from "./cases/remove-cases.ts";
import { replayCases } from "./cases/replay-cases.ts";
import { reportCases } from "./cases/report-cases.ts";
import { retentionCases } from "./cases/retention-cases.ts";
import { retryCases } from "./cases/retry-cases.ts";
import { scheduleCases } from "./cases/schedule-cases.ts";
import { settleCases } from "./cases/settle-cases.ts";
import { signalCases } from "./cases/signal-cases.ts";
import { staleCases } from "./cases/stale-cases.ts";
import { stepCases } from "./cases/step-cases.ts";
import { suspectCases } from "./cases/suspect-cases.ts";
import { sweepCases } from "./cases/sweep-cases.ts";
import { supersedeCases } from "./cases/supersede-cases.ts";
import { tenantCases } from "./cases/tenant-cases.ts";
import { activityCases } from "./cases/activity-cases.ts";
import { unservedCases } from "./cases/unserved-cases.ts";
import { storageCases } from "./cases/storage-cases.ts";
import { waitsCases } from "./cases/waits-cases.ts";
import { waitCornerCases } from "./cases/wait-corner-cases.ts";
import type { StoreCases } from "./store-cases.ts";

/** The cases of the suite, by concern. */
export const storeConcerns: Readonly<Record<string, StoreCases>> = {
  enqueue: enqueueCases,
  dedupe: dedupeCases,
  supersede: supersedeCases,
  "claim: order": claimOrderCases,
  "claim: suspects": suspectCases,
  "claim: limits": claimLimitCases,
  leases: leaseCases,
  report: reportCases,
  settle: settleCases,
  replays: replayCases,
  expire: expireCases,
  "waiting: dependencies": dependencyCases,
  "waiting: long failures": cascadeCases,
  "waiting: dependency policies": dependencyPolicyCases,
  "waiting: children": childrenCases,
  "waiting: signals and time": signalCases,
  "waiting: corners": waitCornerCases,
  cancel: cancelCases,
  "pause and kinds": pauseCases,
  change: changeCases,
  "retry by hand": retryCases,
  memo: memoCases,
  stale: staleCases,
  remove: removeCases,
  read: readCases,
  "read: pages": pageCases,
  steps: stepCases,
  aggregate: aggregateCases,
  events: eventCases,
  tenants: tenantCases,
  batches: batchCases,
  "plain data": plainDataCases,
  close: closeCases,
  facets: facetCases,
  "facet retention": retentionCases,
  "facet retention: sweeps": sweepCases,
  "facet hosts": hostCases,
  "facet hosts: pods": podCases,
  "facet hosts: unserved kinds": unservedCases,
  "facet activity": activityCases,
  "facet limits": limitCases,
  "facet cursors": cursorCases,
  "facet waits": waitsCases,
  "facet storage": storageCases,
  "facet health": healthCases,
  "facet failure marks": failureMarkCases,
  "facet schedules": scheduleCases,
  "facet schedules: occurrences": occurrenceCases,
  "facet schedules: what became of occurrences": occurrenceRecordCases,
  "facet schedules: pages of occurrences": occurrencePageCases,
};
