import type { StorageReport, StoreHealth } from "@millrace/models";
import { describe, expect, it } from "vitest";
import type { Attention } from "../overview/attention.ts";
import type { HostSums } from "../overview/fleet-facts.ts";
import type { KindRow } from "../overview/kind-rows.ts";
import { doctorChecks, type DoctorCheck, type DoctorFacts, type Looked } from "./doctor-checks.ts";

const now = 1_767_225_600_000;
const hourMs = 3_600_000;
const told = <Answer>(value: Answer): Looked<Answer> => ({ type: "told", value });
const absent: Looked<never> = { type: "absent" };
const failed: Looked<never> = { type: "failed", detail: "It took too long.", fix: "Ask at a quiet time." };

const hosts: HostSums = { live: 1, late: 0, lost: 0, draining: 0, slots: 8, running: 2 };
const storage: StorageReport = { type: "x", version: "1.0", schemaVersion: 3, schemaNeeded: 3, sizeBytes: 1 };
const health: StoreHealth = { horizon: null, tables: [], findings: [] };
const row = (change: Partial<KindRow>): KindRow =>
  ({ kind: "mail", queued: 5, running: 0, limit: null, paused: null, ...change }) as KindRow;
const overview = (change: {
  readonly attention?: readonly Attention[];
  readonly kinds?: readonly KindRow[];
  readonly hosts?: HostSums | null;
}) => told({ now, attention: [], kinds: [], hosts, ...change });
const well: DoctorFacts = {
  answeredMs: 3.4,
  storage: told(storage),
  health: told(health),
  overview: overview({}),
};
const waiting = { kind: "mail", queued: 7, since: now - hourMs, freeSlots: 0 } as const;

/** What is not fine. */
const troubles = (change: Partial<DoctorFacts>): readonly DoctorCheck[] =>
  doctorChecks({ ...well, ...change }).filter(({ verdict }) => verdict !== "ok");

describe("the checks of a doctor", () => {
  it("say of everything that was looked at that it is fine", () => {
    const checks = doctorChecks(well);
    expect(checks.every(({ verdict, fix }) => verdict === "ok" && fix === null)).toBe(true);
    expect(checks.map(({ name }) => name)).toEqual(["store", "schema", "database", "hosts", "dispatch", "paused"]);
    expect(checks[0]?.message).toBe("The store answers in 3 ms.");
    expect(checks[3]?.message).toBe("Hosts that take tasks: 1.");
  });

  it("leave out what the store has no part for, and never call hosts gone that nobody counts", () => {
    const unserved: Attention = { code: "unserved", severity: "bad", ...waiting };
    const parts = { storage: absent, health: absent, overview: overview({ attention: [unserved], hosts: null }) };
    expect(doctorChecks({ ...well, ...parts }).map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      "store ok",
      "paused ok",
    ]);
    const bare = told({ ...storage, schemaVersion: null, schemaNeeded: null });
    expect(doctorChecks({ ...well, storage: bare }).map(({ name }) => name)).not.toContain("schema");
  });

  it("say what could not be looked at, and why", () => {
    const unknown = { verdict: "unknown", message: "It took too long.", fix: "Ask at a quiet time." };
    expect(troubles({ health: failed })).toEqual([{ name: "database", ...unknown }]);
    expect(troubles({ overview: failed, storage: failed })).toEqual([
      { name: "schema", ...unknown },
      { name: "kinds", ...unknown },
    ]);
  });

  it("say how slow the store is", () => {
    expect(troubles({ answeredMs: 499.9 })).toEqual([]);
    expect(troubles({ answeredMs: 500 })).toMatchObject([{ name: "store", verdict: "warning" }]);
  });

  it("tell of another schema, and of what a thorough look has found, the worst first", () => {
    const finding = (code: StoreHealth["findings"][number]["code"]) => ({ code, message: code, fix: "mend it" });
    const findings = [finding("INDEX_MISSING"), finding("FILE_DAMAGED")];
    const found = troubles({
      storage: told({ ...storage, schemaVersion: 4 }),
      health: told({ ...health, findings }),
    });
    expect(found.map(({ verdict, message }) => `${verdict} ${message}`)).toEqual([
      "problem INDEX_MISSING",
      "problem FILE_DAMAGED",
      "warning The schema is of version 4; this process needs 3.",
    ]);
    expect(found.every(({ fix }) => fix !== null)).toBe(true);
  });

  it("tell of no hosts, and of hosts that all drain", () => {
    const counted = (change: Partial<HostSums>) => troubles({ overview: overview({ hosts: { ...hosts, ...change } }) });
    expect(counted({ live: 0, lost: 3 })).toMatchObject([{ name: "hosts", verdict: "problem" }]);
    expect(counted({ live: 0, draining: 1 })[0]?.message).toContain("take tasks: 0");
    expect(counted({ live: 0, late: 1, draining: 1 })).toEqual([]);
  });

  it("tell of kinds that nobody serves, that stand still, and that wait for long", () => {
    const attention: readonly Attention[] = [
      { code: "unserved", severity: "bad", ...waiting, kind: "old" },
      { code: "dispatch-stalled", severity: "bad", ...waiting, freeSlots: 4 },
      { code: "long-wait", severity: "warn", ...waiting, kind: "busy" },
    ];
    const found = troubles({ overview: overview({ attention }) });
    expect(found.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      "kinds problem",
      "dispatch problem",
      "dispatch warning",
    ]);
    expect(found.map(({ message }) => message)).toEqual([
      "Tasks of the kind old (7) have been due for 60 min.",
      "Tasks of the kind mail (7) have been due for 60 min.",
      "Tasks of the kind busy (7) have been due for 60 min.",
    ]);
    expect(found.map(({ fix }) => fix)).toEqual([
      "No live host has it: start one.",
      "Open one to see why it waits.",
      "Open one to see why it waits.",
    ]);
  });

  it("leave to the overview what tasks themselves do", () => {
    const attention: readonly Attention[] = [
      { code: "stale", severity: "bad", count: 3 },
      { code: "failing", severity: "bad", kind: "a", failed: 10, ended: 10, rate: 1, usualRate: null, since: now },
    ];
    expect(troubles({ overview: overview({ attention }) })).toEqual([]);
  });

  it("tell of kinds that were paused and forgotten", () => {
    const paused = (forMs: number) => row({ paused: { at: now - forMs, by: "ann", why: "deploy" } });
    expect(troubles({ overview: overview({ kinds: [paused(24 * hourMs), row({})] }) })).toEqual([]);
    expect(troubles({ overview: overview({ kinds: [paused(72 * hourMs)] }) })).toMatchObject([
      {
        name: "paused",
        verdict: "warning",
        message: "The kind mail has been paused for 3 days by ann.",
      },
    ]);
  });
});
