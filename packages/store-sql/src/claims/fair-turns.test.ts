import { describe, expect, it } from "vitest";
import { type ClaimPlace, comesBefore } from "./claim-place.ts";
import { FairTurns } from "./fair-turns.ts";

interface Ready {
  readonly id: string;
  readonly key: string;
  readonly priority?: number;
}

function turnsOf(ready: readonly Ready[]): FairTurns<Ready, ClaimPlace> {
  const headOf = ({ id, priority = 0 }: Ready, rank: number): ClaimPlace => ({ id, priority, rank, scheduledAt: 0 });
  return new FairTurns(ready, { keysOf: ({ key }) => key, headOf });
}

function takenFrom(turns: FairTurns<Ready, ClaimPlace>): string {
  const ids: string[] = [];
  for (let head = turns.head(); head; head = turns.head()) {
    ids.push(head.id);
    turns.goOn("taken");
  }
  return ids.join(" ");
}

const many = ["a1", "a2", "a3", "b4", "b5", "c6"].map((id): Ready => ({ id, key: id.slice(0, 1) }));

describe("fair turns", () => {
  it("go round the groups of keys", () => {
    expect(takenFrom(turnsOf(many))).toBe("a1 b4 c6 a2 b5 a3");
  });

  it("begin anew with each priority, and a higher one comes first", () => {
    const urgent = ["a8", "b9"].map((id): Ready => ({ id, key: id.slice(0, 1), priority: 5 }));
    expect(takenFrom(turnsOf([...urgent, ...many]))).toBe("a8 b9 a1 b4 c6 a2 b5 a3");
  });

  it("are not used up by a task that was passed over", () => {
    const turns = turnsOf(many);
    turns.goOn("passed");
    expect(turns.head()?.id).toBe("a1");
    turns.goOn("passed");
    expect(takenFrom(turns)).toBe("a2 b4 c6 a3 b5");
  });

  it("leave out a group whose keys are full", () => {
    const turns = turnsOf(many);
    turns.head();
    turns.goOn("parked");
    expect(takenFrom(turns)).toBe("b4 c6 b5");
  });
});

describe("the order of claims", () => {
  const place: ClaimPlace = { id: "b", priority: 0, rank: 0, scheduledAt: 5 };

  it("goes by priority, then rank, then time, then id", () => {
    expect(comesBefore({ ...place, priority: 1, rank: 9 }, place)).toBe(true);
    expect(comesBefore({ ...place, rank: 1, scheduledAt: 0 }, place)).toBe(false);
    expect(comesBefore({ ...place, scheduledAt: 4, id: "c" }, place)).toBe(true);
    expect(comesBefore({ ...place, id: "a" }, place)).toBe(true);
    expect(comesBefore(place, place)).toBe(false);
  });
});
