import { type LeaseAnswer, type LeasedSettlement, TaskError, type TxFence } from "@millrace/models";

/** A fence whose transactions are lists; it answers what its options say. */
export function openTxFence(options: { readonly answer: LeaseAnswer; readonly refuses?: true }): TxFence {
  return {
    async settle(tx, settlement) {
      if (options.refuses) throw new TaskError("OPTION_INVALID", "tx must be a list.");
      (tx as LeasedSettlement[]).push(settlement);
      return options.answer;
    },
  };
}
