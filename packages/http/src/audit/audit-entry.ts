import type { FailureMark, TaskStatus } from "@millrace/models";
import type { TaskRight } from "../access/task-right.ts";
import type { BulkAction } from "../bulk/bulk-task.ts";

/** Where a task stood, or failures that are alike; or the limit of a kind that was in force. */
export type AuditedState = TaskStatus | FailureMark["state"] | "open" | `limit ${number | "none"}`;

/** What somebody did, or tried to do. */
export interface TaskHttpAudit {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly user: string;
  /** Null = somebody who may act on all tenants. */
  readonly tenantId: string | null;
  readonly action: TaskRight | `bulk-${BulkAction}`;
  readonly target: { readonly type: "task" | "kind" | "host" | "schedule" | "failure" | "query"; readonly id: string };
  /** Where it stood before and after; null where it is about none of these, or it was refused. */
  readonly before: AuditedState | null;
  readonly after: AuditedState | null;
  /** `done`, or the code of the refusal. */
  readonly outcome: string;
  /** As the caller said it, or null. */
  readonly why: string | null;
  readonly requestId: string;
}

/** Is told of every change that was asked for, done or refused, before the answer goes out. */
export type TaskHttpAuditor = (entry: TaskHttpAudit) => void | Promise<void>;
