import { describe, expect, it } from "vitest";
import { createBoardMemory, LeaseBoard } from "./lease-board.ts";

const aLease = (n: number) => ({ taskId: `task-${n}`, attempt: n, leaseToken: `token-${n}` });

describe("the board of leases", () => {
  it("shows what was put on it last, and what was added since", () => {
    const memory = createBoardMemory();
    const [written, seen] = [new LeaseBoard(memory), new LeaseBoard(memory)];
    expect(seen.read()).toEqual([]);
    written.replace([aLease(1), aLease(2)]);
    expect(written.add([aLease(3)])).toBe(true);
    expect(seen.read()).toEqual([aLease(1), aLease(2), aLease(3)]);
    expect(written.replace([aLease(4)])).toBe(1);
    expect(seen.read()).toEqual([aLease(4)]);
  });

  it("shows nothing while it is being changed", () => {
    const memory = createBoardMemory();
    const board = new LeaseBoard(memory);
    board.replace([aLease(1)]);
    const changes = new Int32Array(memory, 0, 1);
    Atomics.add(changes, 0, 1);
    expect(board.read()).toBeNull();
    Atomics.add(changes, 0, 1);
    expect(board.read()).toEqual([aLease(1)]);
  });

  it("takes all that has room when it is put up, and adds all or none", () => {
    const board = new LeaseBoard(createBoardMemory(4_000));
    const many = Array.from({ length: 10 }, (_, n) => aLease(n));
    let added = 0;
    while (board.add(many)) added += many.length;
    expect(board.read()).toHaveLength(added);
    const all = Array.from({ length: added + 10 }, (_, n) => aLease(n % 10));
    const written = board.replace(all);
    expect(written).toBeGreaterThan(added);
    expect(written).toBeLessThan(all.length);
    expect(board.read()).toEqual(all.slice(0, written));
  });
});
