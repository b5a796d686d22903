import type {
  CodecContext,
  EnqueueRequest,
  Logger,
  Random,
  RunAnswer,
  TaskInvocation,
  TaskStore,
} from "@millrace/models";
import type { ValueCodec } from "../client/value-codec.ts";
import type { HeldTask } from "./running-tasks.ts";

/** What answering a handler's questions needs. */
export interface QuestionPorts {
  readonly store: TaskStore<unknown>;
  readonly values: ValueCodec;
  readonly random: Random;
  readonly logger: Logger;
  readonly maxPayloadBytes: number;
  /** Plans and stores a task of its own life. @throws as an enqueue does */
  enqueueFrom(parent: HeldTask, invocation: TaskInvocation): Promise<EnqueueRequest>;
  onLost(task: HeldTask): void;
}

type Refused = Extract<RunAnswer, { type: "refused" }>;

/** Says no; the handler's call rejects with this code. */
export function refused(code: string, message: string): Refused {
  return { type: "refused", code, message };
}

/** Whose value is encoded or decoded. */
export function aboutOf(task: HeldTask, field: CodecContext["field"]): CodecContext {
  return { taskId: task.lease.taskId, tenantId: task.claimed.task.tenantId, field };
}

/** Says that the lease is lost. */
export function lost(task: HeldTask): Refused {
  return refused("LEASE_LOST", `Attempt ${task.lease.attempt} no longer owns task ${task.lease.taskId}.`);
}

/** Learns that the lease is lost, and says so. */
export function loseTask(task: HeldTask, ports: QuestionPorts): Refused {
  ports.onLost(task);
  return lost(task);
}
