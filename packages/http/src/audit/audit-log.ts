import type { EpochMs } from "@millrace/models";
import type { TaskHttpAudit } from "./audit-entry.ts";

/** Which entries of an audit. */
export interface TaskAuditQuery {
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string;
  readonly user?: string;
  readonly action?: string;
  readonly outcome?: string;
}

/** A page of an audit, the latest first. */
export interface TaskAuditPage {
  readonly entries: readonly TaskHttpAudit[];
  readonly next: string | null;
}

/** Keeps what was asked for. `createMemoryTaskAuditLog` does so while the process lives; write one for a lasting place. */
export interface TaskAuditLog {
  /** Whether entries outlive the process. */
  readonly durable: boolean;
  /** How many are kept; null = all. */
  readonly kept: number | null;
  /** Entries from here on are known; null = from the very first. */
  readonly since: EpochMs | null;
  append(entry: TaskHttpAudit): void | Promise<void>;
  read(query: TaskAuditQuery): Promise<TaskAuditPage>;
}

/** Whether an entry is one of those asked for. */
export function isAsked(entry: TaskHttpAudit, { user, action, outcome }: TaskAuditQuery): boolean {
  return (
    (user === undefined || entry.user === user) &&
    (action === undefined || entry.action === action) &&
    (outcome === undefined || entry.outcome === outcome)
  );
}
