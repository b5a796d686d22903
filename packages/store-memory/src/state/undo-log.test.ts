import { describe, expect, it } from "vitest";
import { Table } from "./table.ts";
import { UndoLog } from "./undo-log.ts";

function aTable(): { undo: UndoLog; table: Table<string, number>; rows: () => unknown } {
  const undo = new UndoLog();
  const table = new Table<string, number>(undo);
  table.set("a", 1);
  return { undo, table, rows: () => Object.fromEntries(table.entries()) };
}

describe("a transaction in memory", () => {
  it("keeps what it did when it answers", () => {
    const { undo, table, rows } = aTable();
    const answer = undo.atomically(() => {
      table.set("b", 2);
      return "done";
    });
    expect([answer, rows()]).toEqual(["done", { a: 1, b: 2 }]);
  });

  it("takes back inserts, changes and deletes when it refuses, and answers the refusal", () => {
    const { undo, table, rows } = aTable();
    const answer = undo.atomically<string>((refuse) => {
      table.set("a", 5);
      table.set("b", 2);
      table.delete("a");
      return refuse("no");
    });
    expect([answer, rows()]).toEqual(["no", { a: 1 }]);
  });

  it("takes everything back when something throws, and throws it on", () => {
    const { undo, table, rows } = aTable();
    const work = (): never => {
      table.delete("a");
      throw new RangeError("broken");
    };
    expect(() => undo.atomically(work)).toThrow(RangeError);
    expect(rows()).toEqual({ a: 1 });
  });

  it("takes back only the inner one when the outer goes on", () => {
    const { undo, table, rows } = aTable();
    undo.atomically(() => {
      table.set("outer", 1);
      undo.atomically<null>((refuse) => {
        table.set("inner", 1);
        return refuse(null);
      });
      return null;
    });
    expect(rows()).toEqual({ a: 1, outer: 1 });
  });

  it("takes back the inner one too when the outer refuses after it", () => {
    const { undo, table, rows } = aTable();
    undo.atomically<null>((refuse) => {
      undo.atomically(() => table.set("inner", 1));
      return refuse(null);
    });
    expect(rows()).toEqual({ a: 1 });
  });

  it("does not take an outer refusal for its own", () => {
    const { undo, table, rows } = aTable();
    const answer = undo.atomically<string>((refuseOuter) => {
      undo.atomically<string>(() => {
        table.set("inner", 1);
        return refuseOuter("outer");
      });
      return "not reached";
    });
    expect([answer, rows()]).toEqual(["outer", { a: 1 }]);
  });
});
