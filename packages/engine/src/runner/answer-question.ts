import {
  isTaskError,
  toJsonText,
  type CodecContext,
  type Json,
  type RunAnswer,
  type RunQuestion,
  type StoredValue,
  type TaskInvocation,
} from "@millrace/models";
import { fits } from "../client/value-codec.ts";
import { completeInTx, txFence } from "./complete-in-tx.ts";
import { aboutOf, loseTask, lost, type QuestionPorts, refused } from "./question-ports.ts";
import type { HeldTask } from "./running-tasks.ts";
import { messageOf } from "./store-trouble.ts";

/** What `once` keeps for a function that gave nothing back: JSON has no word for it, and this is no JSON. */
const nothing = "";

/** Answers what a handler asks while it runs, after the store has answered. Never rejects. */
export async function answerQuestion(task: HeldTask, question: RunQuestion, ports: QuestionPorts): Promise<RunAnswer> {
  if (task.lost || task.abortedFor === "lease-lost") return lost(task);
  try {
    return await answered(task, question, ports);
  } catch (error) {
    const code = isTaskError(error) ? error.code : "INTERNAL";
    return { type: "refused", code, message: messageOf(error) };
  }
}

function answered(task: HeldTask, question: RunQuestion, ports: QuestionPorts): Promise<RunAnswer> {
  switch (question.type) {
    case "memo-get":
      return getMemo(task, question.key, ports);
    case "memo-put":
      return putMemo(task, question, ports);
    case "enqueue":
      return enqueue(task, question.invocation, ports);
    case "signal":
      return signal(task, question, ports);
    case "complete-in-tx":
      return completeInTx(task, question, ports);
    case "tx-fence":
      return txFence(task, question.output, ports);
  }
}

async function getMemo(task: HeldTask, key: string, ports: QuestionPorts): Promise<RunAnswer> {
  const [answer] = await ports.store.memo([{ ...task.lease, key }]);
  if (!answer || answer.status === "lost") return loseTask(task, ports);
  return answer.value === null ? { type: "memo", found: false } : foundMemo(task, answer.value, ports);
}

async function putMemo(
  task: HeldTask,
  { key, value }: Extract<RunQuestion, { type: "memo-put" }>,
  ports: QuestionPorts,
): Promise<RunAnswer> {
  const written = value === undefined ? { text: nothing } : toJsonText(value, { path: "result" });
  if ("problem" in written) return refused("SERIALIZATION_ERROR", `${written.problem.path} ${written.problem.why}.`);
  const maxBytes = task.served.known.maxPayloadBytes ?? ports.maxPayloadBytes;
  if (!fits(written.text, maxBytes)) {
    return refused("INPUT_TOO_LARGE", `The result of once("${key}") is larger than ${maxBytes} bytes as JSON.`);
  }
  const stored = await ports.values.encode(written.text, aboutOf(task, "memo"));
  const [answer] = await ports.store.memo([{ ...task.lease, key, value: stored }]);
  if (!answer || answer.status === "lost") return loseTask(task, ports);
  // Somebody may have been first: what stands is what counts.
  return foundMemo(task, answer.value ?? stored, ports);
}

async function foundMemo(task: HeldTask, stored: StoredValue, ports: QuestionPorts): Promise<RunAnswer> {
  const text = await ports.values.decodeText(stored, aboutOf(task, "memo"));
  return text === nothing
    ? { type: "memo", found: true }
    : { type: "memo", found: true, value: JSON.parse(text) as Json };
}

async function enqueue(task: HeldTask, invocation: TaskInvocation, ports: QuestionPorts): Promise<RunAnswer> {
  const request = await ports.enqueueFrom(task, invocation);
  return { type: "enqueued", taskId: request.id };
}

async function signal(
  task: HeldTask,
  { taskId, name, payload }: Extract<RunQuestion, { type: "signal" }>,
  ports: QuestionPorts,
): Promise<RunAnswer> {
  const text = payload === undefined ? null : JSON.stringify(payload);
  const about: CodecContext = { taskId, tenantId: task.claimed.task.tenantId, field: "signal" };
  const stored = text === null ? null : await ports.values.encode(text, about);
  const signalId = ports.random.uuid();
  const [answer] = await ports.store.signal([{ taskId, signalId, name, payload: stored }]);
  switch (answer?.status) {
    case "woke":
    case "kept":
    case "repeated":
      return { type: "done" };
    case "full":
      return refused("SIGNAL_FULL", `One hundred signals "${name}" of task ${taskId} wait unread.`);
    case "closed":
      return refused("SIGNAL_CLOSED", `Task ${taskId} has ended.`);
    case "not-found":
    case undefined:
      return refused("TASK_NOT_FOUND", `There is no task ${taskId}.`);
  }
}
