import type { HostRecord } from "@millrace/models";
import type { MemoryState } from "./memory-state.ts";
import { tellControl } from "./tell-control.ts";

/** Tells, once, of each host that went silent without saying that it stops. */
export function loseHosts(state: MemoryState): void {
  for (const [hostId, row] of state.hosts.entries()) {
    if (row.isLost || isAlive(row.record, state.now) || row.record.state === "stopped") continue;
    state.hosts.set(hostId, { ...row, isLost: true });
    tellControl(state, { type: "host_lost", name: null, hostId, data: null });
  }
}

/** Whether a host was heard of within the time it asked for. */
export function isAlive(host: HostRecord, now: number): boolean {
  return host.state !== "stopped" && host.aliveUntil >= now;
}
