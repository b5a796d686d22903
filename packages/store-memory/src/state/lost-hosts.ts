import { isHostAlive } from "@millrace/models";
import type { MemoryState } from "./memory-state.ts";
import { tellControl } from "./tell-control.ts";

/** Tells, once, of each host that went silent without saying that it stops. */
export function loseHosts(state: MemoryState): void {
  for (const [hostId, host] of state.hosts.entries()) {
    const { record, isLost } = host;
    if (isLost || record.state === "stopped" || record.supersededAt !== null) continue;
    if (isHostAlive(record, state.now)) continue;
    state.hosts.set(hostId, { ...host, isLost: true });
    tellControl(state, { type: "host_lost", name: null, hostId, data: null });
  }
}
