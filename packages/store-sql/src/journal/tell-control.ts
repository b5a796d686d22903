import type { ControlEvent, EpochMs } from "@millrace/models";
import type { JournalBuffer } from "./journal-buffer.ts";

/** Tells of something that happened to a host, a kind or a limit. */
export function tellControl(
  { journal, now }: { readonly journal: Pick<JournalBuffer, "tellControl">; readonly now: EpochMs },
  told: Pick<ControlEvent, "type" | "name" | "data"> & { readonly hostId?: string },
): void {
  journal.tellControl({ at: now, hostId: null, ...told });
}
