import type { ExplainOptions, TaskExplanation, TaskId } from "@millrace/models";
import { checkKeys, optionError, shown } from "../option-check.ts";
import { checkedId } from "../read-side.ts";
import { explainFacts, type ExplainPorts } from "./explain-facts.ts";
import { explainReasons } from "./explain-reasons.ts";
import { explainText } from "./explain-text.ts";

const optionNames: ReadonlySet<string> = new Set<keyof ExplainOptions>(["tenantId"]);

/**
 * Why a task does not run, or where it does; null when there is none.
 *
 * @throws `TASK_ID_INVALID`, `OPTION_INVALID`
 */
export async function explainTask(
  ports: ExplainPorts,
  taskId: TaskId,
  options: ExplainOptions = {},
): Promise<TaskExplanation | null> {
  checkKeys("options", options, optionNames);
  const { tenantId = null } = options;
  if (tenantId !== null && typeof tenantId !== "string") {
    throw optionError("options.tenantId", `must be a text, got ${shown(tenantId)}`);
  }
  const facts = await explainFacts(ports, checkedId(taskId), tenantId);
  if (!facts) return null;
  const reasons = explainReasons(facts);
  const { task, notKnown, now } = facts;
  return { taskId, state: task.state, reasons, text: explainText(reasons), notKnown, at: now };
}
