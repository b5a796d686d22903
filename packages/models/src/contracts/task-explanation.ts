import type { TaskId } from "../ids/task-id.ts";
import type { TaskCount } from "../query/task-aggregate.ts";
import type { TaskState } from "../task/task-state.ts";
import type { FinalStatus, TaskReason, TaskStatus } from "../task/task-status.ts";
import type { EpochMs } from "../time/clock.ts";
import type { FacetName, LimitScope } from "./facets.ts";
import type { RateLimit } from "./kind.ts";

/** Whose tasks may be named. */
export interface ExplainOptions {
  /** Only a task of this tenant is explained, and only tasks of this tenant are named. @defaultValue all tenants */
  readonly tenantId?: string;
}

/** Why a task does not run, or where it does, as of one moment. */
export interface TaskExplanation {
  readonly taskId: TaskId;
  readonly state: TaskState;
  /** What keeps it, the first to look at first. Never empty. */
  readonly reasons: readonly TaskExplanationReason[];
  /** The same for people, in English. */
  readonly text: string;
  /** What could not be asked: parts that this store does not have. */
  readonly notKnown: readonly FacetName[];
  /** By the store's clock. */
  readonly at: EpochMs;
}

/** A task that another one waits for, or that holds what it needs. */
export interface ExplainedTask {
  readonly taskId: TaskId;
  readonly kind: string;
  readonly status: TaskStatus;
  readonly hostId: string | null;
}

/** A host, as far as it matters to a task. */
export interface ExplainedHost {
  readonly hostId: string;
  readonly label: string;
  readonly running: number;
  readonly slots: number;
}

/** One reason, with its facts. Lists are the first few; counts are whole. */
export type TaskExplanationReason =
  | {
      readonly code: "finished";
      readonly status: FinalStatus;
      readonly reason: TaskReason | null;
      readonly at: EpochMs | null;
      /** What the handler threw last. */
      readonly failure: { readonly name: string; readonly message: string } | null;
      /** Who cancelled it, and why. */
      readonly by: string | null;
      readonly why: string | null;
    }
  | {
      readonly code: "running";
      readonly hostId: string | null;
      /** The host's name for people; empty when it has none. */
      readonly label: string;
      readonly attempt: number;
      /** When it was claimed. */
      readonly since: EpochMs | null;
      /** False: it was claimed, and its handler has not begun. */
      readonly started: boolean;
      /** In how many ms it is taken from its host unless that is heard of; below 0 = any moment. */
      readonly leaseEndsInMs: number | null;
      readonly staleAt: EpochMs | null;
      readonly cancelRequestedAt: EpochMs | null;
    }
  | {
      readonly code: "task-paused";
      readonly by: string | null;
      readonly why: string | null;
      /** When it last changed: at its pause, unless what it waits for has gone on since. */
      readonly since: EpochMs;
    }
  | {
      readonly code: "kind-paused";
      readonly kind: string;
      readonly by: string | null;
      readonly why: string | null;
      readonly since: EpochMs;
    }
  | {
      readonly code: "waits-for-tasks";
      readonly for: "dependencies" | "children";
      /** How many of them are open. */
      readonly open: number;
      readonly tasks: readonly ExplainedTask[];
      /** When it goes on without them; null = never. */
      readonly until: EpochMs | null;
    }
  | { readonly code: "waits-for-signal"; readonly name: string; readonly until: EpochMs | null }
  | { readonly code: "waits-for-time"; readonly until: EpochMs; readonly inMs: number }
  | { readonly code: "waits-for-person"; readonly until: EpochMs | null }
  | { readonly code: "not-due"; readonly scheduledAt: EpochMs; readonly inMs: number }
  | {
      readonly code: "back-off";
      readonly scheduledAt: EpochMs;
      readonly inMs: number;
      readonly failures: number;
      readonly failure: { readonly name: string; readonly message: string } | null;
    }
  /** It had to begin by then: the next sweep cancels it. */
  | { readonly code: "expired"; readonly expiresAt: EpochMs }
  | {
      readonly code: "no-host";
      readonly kind: string;
      /** Hosts that serve the kind but take no more, since they are to drain, or stop. */
      readonly draining: readonly ExplainedHost[];
    }
  | {
      readonly code: "limit-full";
      readonly scope: LimitScope;
      readonly limit: number;
      readonly held: number;
      readonly holders: readonly ExplainedTask[];
    }
  | { readonly code: "rate-limit"; readonly scope: LimitScope; readonly rate: RateLimit; readonly inMs: number }
  | { readonly code: "hosts-busy"; readonly kind: string; readonly hosts: readonly ExplainedHost[] }
  /** A host died under it: it runs alone, and waits for a host that is idle or isolates it. */
  | { readonly code: "runs-alone"; readonly interruptions: number }
  | {
      readonly code: "in-line";
      /** How many due tasks of its kind come first. */
      readonly ahead: TaskCount;
      readonly priority: number;
    }
  /** Nothing keeps it: a host takes it with its next look. */
  | { readonly code: "next" };
