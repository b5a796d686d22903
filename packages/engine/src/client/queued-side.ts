import {
  TaskError,
  type ChangeAsk,
  type RescheduleOptions,
  type TaskClient,
  type TaskId,
  type TaskSnapshot,
  type TaskStore,
} from "@millrace/models";
import { parseTime } from "./check-enqueue-options.ts";
import { planEnqueue, type EnqueuePlanning } from "./enqueue-request.ts";
import { checkDuration, checkInteger, checkKeys, optionError } from "./option-check.ts";
import { checkedId } from "./read-side.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";

/** The part of a client that changes what a queued task says. */
export type QueuedSide = Pick<TaskClient, "reschedule" | "replaceInput">;

export interface QueuedPorts {
  readonly store: Pick<TaskStore, "change" | "get">;
  readonly snapshots: SnapshotReader;
  readonly planning: EnqueuePlanning;
  /** A task may have become due. */
  onDue(): void;
}

const rescheduleNames: ReadonlySet<string> = new Set<keyof RescheduleOptions>(["scheduledAt", "delayMs", "priority"]);

/** Makes that part. */
export function createQueuedSide(ports: QueuedPorts): QueuedSide {
  const change = async (ask: ChangeAsk): Promise<TaskSnapshot | null> => {
    const [answer] = await ports.store.change([ask]);
    if (answer?.status === "changed") {
      ports.onDue();
      return ports.snapshots.snapshotOf(answer.task);
    }
    if (!answer || answer.why === "not-found") return null;
    const { id, status } = answer.task;
    throw new TaskError("WRONG_STATUS", `Task ${id} is ${status}; only a queued one can be changed like this.`, {
      details: { taskId: id, status },
    });
  };
  return {
    reschedule: async (taskId, to) => change(rescheduleAsk(checkedId(taskId), to)),
    async replaceInput(taskId, input) {
      const [task] = await ports.store.get([checkedId(taskId)]);
      if (!task) return null;
      // A codec binds an input to its task, so it is written as that task's own.
      const options = { id: taskId, tenantId: task.tenantId };
      const request = await planEnqueue({ kind: task.kind, input, options }, ports.planning);
      return change({ type: "replace-input", taskId, input: request.input });
    },
  };
}

function rescheduleAsk(taskId: TaskId, to: RescheduleOptions): ChangeAsk {
  checkKeys("to", to, rescheduleNames);
  const { delayMs = 0, priority } = to;
  if (to.scheduledAt !== undefined && to.delayMs !== undefined) {
    throw optionError("to.delayMs", "cannot be given together with scheduledAt");
  }
  const scheduledAt = parseTime("to.scheduledAt", to.scheduledAt);
  checkDuration("to.delayMs", delayMs);
  if (priority !== undefined) checkInteger("to.priority", priority, { min: -32_768, max: 32_767 });
  return { type: "reschedule", taskId, scheduledAt, delayMs, ...(priority === undefined ? {} : { priority }) };
}
