import type { ControlEvent } from "@millrace/models";
import type { MemoryState } from "./memory-state.ts";

/** Tells of something that happened to a host, a kind or a limit. */
export function tellControl(
  state: MemoryState,
  told: Pick<ControlEvent, "type" | "name" | "data"> & { readonly hostId?: string },
): void {
  state.journal.tell({ taskId: null, at: state.now, hostId: null, ...told });
}
