import { describe, expect, it } from "vitest";
import type { HostBeat } from "../contracts/hosts.ts";
import { applyBeat, isHostAlive, mayHavePeers, type MadeBeat, type StoredHost } from "./apply-beat.ts";

const now = 1_000_000;
const steady = (hostId: string, change: Partial<HostBeat> = {}): HostBeat => ({
  hostId,
  aliveForMs: 30_000,
  kinds: ["work"],
  slots: 4,
  running: 0,
  state: "running",
  label: "",
  version: "",
  podId: "p",
  ...change,
});
const first = (hostId: string, change: Partial<HostBeat> = {}): HostBeat =>
  steady(hostId, { begins: { recover: true }, ...change });

/** What a beat makes of a registry that holds these. */
function beat(told: HostBeat, hosts: readonly StoredHost[] = [], at = now): MadeBeat {
  const before = hosts.find(({ record }) => record.hostId === told.hostId) ?? null;
  const peers = hosts.filter(({ record }) => record.hostId !== told.hostId && record.podId === told.podId);
  return applyBeat(told, { before, peers, now: at });
}
const typesOf = ({ events }: MadeBeat): readonly string[] => events.map(({ type, hostId }) => `${type} ${hostId}`);
const hostOf = (told: HostBeat, at = now): StoredHost => beat(told, [], at).host;

describe("a heartbeat", () => {
  it("F51: of a steady host concerns nobody else", () => {
    const before = hostOf(first("a"));
    expect(mayHavePeers(steady("a"), { before, now: now + 30_000 })).toBe(false);
    expect(mayHavePeers(steady("a"), { before, now: now + 30_001 })).toBe(true);
    expect(mayHavePeers(steady("a", { podId: null }), { before: null, now })).toBe(false);
    expect(beat(steady("a"), [before], now + 1)).toMatchObject({ superseded: [], events: [] });
  });

  it("F52: that begins marks the others of its pod, and from when their leases are nobody's", () => {
    const made = beat(first("b"), [hostOf(first("a"))], now + 5);
    expect(made.superseded).toMatchObject([
      { recoverUntil: now + 5, record: { hostId: "a", supersededAt: now + 5, supersededBy: "b" } },
    ]);
    expect(typesOf(made)).toEqual(["host_started b", "host_superseded a"]);
    expect(made.answer).toEqual({ drain: false, supersededBy: null });
    expect(isHostAlive(made.superseded[0]?.record ?? made.host.record, now + 5)).toBe(false);
  });

  it("F56: that begins without recovering marks no leases", () => {
    const made = beat(first("b", { begins: { recover: false } }), [hostOf(first("a"))]);
    expect(made.superseded).toMatchObject([{ recoverUntil: null, record: { supersededBy: "b" } }]);
  });

  it("F52: that begins leaves a host alone that stopped, or was replaced before and is silent since", () => {
    const stopped = beat(steady("a", { state: "stopped" }), [hostOf(first("a"))]).host;
    const replaced = beat(first("b"), [hostOf(first("a"))], now + 5).superseded;
    expect(beat(first("c"), [stopped, ...replaced], now + 9)).toMatchObject({ superseded: [] });
  });

  it("F54: of a replaced host that has claimed since lets the next start take that too", () => {
    const [replaced] = beat(first("b"), [hostOf(first("a"))], now + 5).superseded;
    const holder = hostOf(first("b"), now + 5);
    const heard = beat(steady("a"), replaced ? [replaced, holder] : [], now + 10).host;
    expect(heard.record).toMatchObject({ supersededAt: now + 5, supersededBy: "b", lastSeenAt: now + 10 });
    const made = beat(first("c"), [heard, holder], now + 20);
    expect(made.superseded.map(({ recoverUntil }) => recoverUntil)).toEqual([now + 20, now + 20]);
    expect(typesOf(made)).toEqual(["host_started c", "host_superseded b"]);
  });

  it("F54: of a replaced host whose place is free again begins a life, and gives up on taking from it", () => {
    const [replaced] = beat(first("b"), [hostOf(first("a"))], now + 5).superseded;
    const gone = beat(steady("b", { state: "stopped" }), [hostOf(first("b"))], now + 8).host;
    const made = beat(steady("a"), replaced ? [replaced, gone] : [], now + 10);
    expect(typesOf(made)).toEqual(["host_started a"]);
    expect(made.host).toMatchObject({ recoverUntil: null, record: { supersededAt: null, startedAt: now + 10 } });
  });

  it("F52: that is told twice, because its answer was lost, changes nothing more", () => {
    const old = hostOf(first("a"));
    const once = beat(first("b"), [old], now + 5);
    const again = beat(first("b"), [once.host, ...once.superseded], now + 6);
    expect(again.superseded).toEqual([]);
    expect(again.host.record.supersededAt).toBeNull();
  });
});
