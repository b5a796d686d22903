import type { ActivityQuery, EndedQuery, TaskFilter, TaskQuery, TaskRetentionPolicy } from "@millrace/models";
import { countOutdated } from "./count-outdated.ts";
import { lookAtHealth } from "./look-at-health.ts";
import { outdatedTasks } from "./outdated-tasks.ts";
import { readActivity, readLoads } from "./read-activity.ts";
import { readAggregate } from "./read-aggregate.ts";
import { readEnded } from "./read-ended.ts";
import { readTasks } from "./read-tasks.ts";
import type { StoreReader } from "./store-reader.ts";

/** A read that may be slow, as plain data, so that a thread can do it. */
export type ReadRequest =
  | { readonly type: "tasks"; readonly query: TaskQuery }
  | { readonly type: "aggregate"; readonly filter: TaskFilter }
  | { readonly type: "activity"; readonly query: ActivityQuery }
  | { readonly type: "loads" }
  | { readonly type: "health" }
  | { readonly type: "ended"; readonly query: EndedQuery }
  | { readonly type: "outdated"; readonly policy: TaskRetentionPolicy; readonly limit: number }
  | { readonly type: "preview"; readonly policy: TaskRetentionPolicy };

/** Does a read, over whichever connection. */
export function answerRead(reader: StoreReader, request: ReadRequest): unknown {
  switch (request.type) {
    case "tasks":
      return readTasks(reader, request.query);
    case "aggregate":
      return readAggregate(reader, request.filter);
    case "activity":
      return readActivity(reader, request.query);
    case "loads":
      return readLoads(reader);
    case "health":
      return lookAtHealth(reader.connection, { thorough: true });
    case "ended":
      return readEnded(reader, request.query);
    case "outdated":
      return outdatedTasks(reader, request.policy, request.limit);
    case "preview":
      return countOutdated(reader, request.policy);
  }
}
