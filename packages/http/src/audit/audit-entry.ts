import type { TaskStatus } from "@millrace/models";
import type { TaskRight } from "../access/task-right.ts";
import type { BulkAction } from "../bulk/bulk-task.ts";

/** What somebody did, or tried to do. */
export interface TaskHttpAudit {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly user: string;
  /** Null = somebody who may act on all tenants. */
  readonly tenantId: string | null;
  readonly action: TaskRight | `bulk-${BulkAction}`;
  readonly target: { readonly type: "task" | "kind" | "host" | "schedule" | "query"; readonly id: string };
  /** Where the task stood before and after; null where it is not about one task, or it was refused. */
  readonly before: TaskStatus | null;
  readonly after: TaskStatus | null;
  /** `done`, or the code of the refusal. */
  readonly outcome: string;
  /** As the caller said it, or null. */
  readonly why: string | null;
  readonly requestId: string;
}

/** Is told of every change that was asked for, done or refused, before the answer goes out. */
export type TaskHttpAuditor = (entry: TaskHttpAudit) => void | Promise<void>;
