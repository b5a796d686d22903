import {
  isTaskError,
  type RunAnswer,
  type RunQuestion,
  TaskError,
  toTaskFailure,
  type TxFence,
  type TxFenceFacet,
} from "@millrace/models";

interface FenceModule {
  openTxFence(options: unknown): TxFence;
}

const fences = new Map<string, Promise<TxFence>>();

/**
 * Settles the task on this side of the border, inside the handler's own transaction: the host says how and with which lease, the
 * store's fence does it. Never rejects.
 */
export async function completeInTx(
  { tx, output }: Extract<RunQuestion, { type: "complete-in-tx" }>,
  askHost: (question: RunQuestion) => Promise<RunAnswer>,
): Promise<RunAnswer> {
  const answer = await askHost({ type: "tx-fence", output });
  if (answer.type !== "tx-fence") return answer;
  const { fence, settlement } = answer;
  try {
    const { status } = await (await openFence(fence)).settle(tx, settlement);
    if (status === "held") return { type: "done" };
    const message = `Attempt ${settlement.attempt} no longer owns task ${settlement.taskId}.`;
    return { type: "refused", code: "LEASE_LOST", message };
  } catch (error) {
    return {
      type: "refused",
      code: isTaskError(error) ? error.code : "INTERNAL",
      message: toTaskFailure(error).message,
    };
  }
}

/** One a store, opened when a handler first needs it. */
function openFence({ module, options }: TxFenceFacet): Promise<TxFence> {
  const key = JSON.stringify([module, options]);
  const known = fences.get(key);
  if (known) return known;
  const opening = loadFence(module).then(({ openTxFence }) => openTxFence(options));
  fences.set(key, opening);
  // One that could not be loaded may be there the next time.
  opening.catch(() => fences.delete(key));
  return opening;
}

async function loadFence(module: string): Promise<FenceModule> {
  try {
    return (await import(module)) as FenceModule;
  } catch (cause) {
    throw new TaskError("TX_UNSUPPORTED", `The store cannot be loaded here: ${toTaskFailure(cause).message}`, {
      cause,
      details: { module },
      fix: "Install the store's package where the handler runs, or run the handler in the process of its host.",
    });
  }
}
