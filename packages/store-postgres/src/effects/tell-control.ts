import type { ControlEvent } from "@millrace/models";
import { eventCode } from "@millrace/store-sql";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** Tells of something that happened to a host, a kind or a limit. */
export function tellControl(
  tx: StoreTransaction,
  told: Pick<ControlEvent, "type" | "name" | "data"> & { readonly hostId?: string },
): void {
  tx.journal.tellControl({
    type: eventCode(told.type) ?? 0,
    at: tx.now,
    name: told.name,
    hostId: told.hostId ?? null,
    data: told.data,
  });
}
