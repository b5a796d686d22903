import { describe, expect, it } from "vitest";
import { aDemand, aKind } from "../testing/a-demand.ts";
import { claimBudget } from "./claim-budget.ts";

describe("what a host asks a store for", () => {
  it("R14: asks only for kinds it serves, and for nothing when it serves none", () => {
    expect(claimBudget(aDemand({ kinds: [] }), "in-process")).toBeNull();
    expect(claimBudget(aDemand(), "in-process")).toEqual({
      hostId: "host",
      kinds: [{ kind: "a", slots: 4 }],
      limit: 4,
      leaseMs: 30_000,
      suspects: "alone",
    });
  });

  it("R12, F11: asks for no more tasks than there are free places, over all kinds together", () => {
    const request = claimBudget(aDemand({ freeRuns: 3, kinds: [aKind(), aKind({ kind: "b" })] }), "in-process");
    expect(request?.limit).toBe(3);
    expect(request?.kinds).toEqual([
      { kind: "a", slots: 3 },
      { kind: "b", slots: 3 },
    ]);
    expect(claimBudget(aDemand({ freeRuns: 0 }), "in-process")).toBeNull();
  });

  it("Q5: a place of a batch kind takes a whole batch", () => {
    const request = claimBudget(aDemand({ freeRuns: 2, kinds: [aKind({ batchSize: 50 })] }), "in-process");
    expect(request).toMatchObject({ kinds: [{ kind: "a", slots: 100 }], limit: 100 });
  });

  describe("ahead of its free places", () => {
    it("takes nothing of a kind that is not measured yet", () => {
      expect(
        claimBudget(aDemand({ freeRuns: 0, kinds: [aKind({ finishedPer100Ms: null })] }), "in-process"),
      ).toBeNull();
    });

    it("takes what the measured rate finishes in 100 ms", () => {
      const request = claimBudget(aDemand({ freeRuns: 4, kinds: [aKind({ finishedPer100Ms: 40.9 })] }), "in-process");
      expect(request).toMatchObject({ kinds: [{ slots: 44 }], limit: 44 });
    });

    it.each([200, 500])(
      "takes at most %i over all kinds where the store says so, however fast they are",
      (prefetch) => {
        const fast = { finishedPer100Ms: 100_000 };
        const kinds = [aKind(fast), aKind({ kind: "b", ...fast })];
        const request = claimBudget(aDemand({ freeRuns: 0, prefetch, kinds }), "in-process");
        expect(request?.limit).toBe(prefetch);
        expect(request?.kinds).toEqual([{ kind: "a", slots: prefetch }]);
      },
    );

    it("takes nothing of a kind whose store-wide or key limit it would hold for nothing", () => {
      const kinds = [aKind({ finishedPer100Ms: 1_000, limited: true })];
      expect(claimBudget(aDemand({ freeRuns: 0, kinds }), "in-process")).toBeNull();
      expect(claimBudget(aDemand({ freeRuns: 2, kinds }), "in-process")?.limit).toBe(2);
    });

    it("waits until half of what is ahead has drained", () => {
      const kind = (waiting: number) => [aKind({ finishedPer100Ms: 100, waiting })];
      expect(claimBudget(aDemand({ freeRuns: 0, kinds: kind(51) }), "in-process")).toBeNull();
      expect(claimBudget(aDemand({ freeRuns: 0, kinds: kind(50) }), "in-process")?.limit).toBe(50);
    });

    it("takes at most one waiting task a place of an isolated executor", () => {
      const kinds = [aKind({ isolated: true, executorPlaces: 3, executorFree: 0, finishedPer100Ms: 500 })];
      expect(claimBudget(aDemand({ freeRuns: 1, kinds }), "isolated")?.limit).toBe(3);
      const unbounded = [aKind({ isolated: true, finishedPer100Ms: 500 })];
      expect(claimBudget(aDemand({ freeRuns: 0, kinds: unbounded }), "isolated")).toBeNull();
    });
  });

  it("asks for no more than an executor has places", () => {
    const kinds = [aKind({ isolated: true, executorFree: 1, executorPlaces: 2 })];
    expect(claimBudget(aDemand({ freeRuns: 4, kinds }), "isolated")?.kinds).toEqual([{ kind: "a", slots: 1 }]);
  });

  describe("suspects", () => {
    const kinds = [aKind(), aKind({ kind: "b", isolated: true })];

    it("are taken by an isolated executor, which gives each a process of its own", () => {
      expect(claimBudget(aDemand({ idle: false, kinds }), "isolated")?.suspects).toBe("include");
    });

    it("are taken into this process only by an idle host, and alone", () => {
      expect(claimBudget(aDemand({ idle: true, kinds }), "in-process")?.suspects).toBe("alone");
      expect(claimBudget(aDemand({ idle: false, kinds }), "in-process")?.suspects).toBe("exclude");
    });

    it("let nothing beside them while they run in this process", () => {
      const host = aDemand({ idle: false, suspectRuns: true, kinds });
      expect(claimBudget(host, "in-process")).toBeNull();
      expect(claimBudget(host, "isolated")).toBeNull();
    });

    it("that have waited long make the host take nothing until it is idle", () => {
      expect(claimBudget(aDemand({ idle: false, draining: true, kinds }), "isolated")).toBeNull();
      expect(claimBudget(aDemand({ idle: true, draining: true, kinds }), "in-process")?.suspects).toBe("alone");
    });
  });
});
