import { describe } from "vitest";
import { equivalenceProperty } from "./properties/equivalence-property.ts";
import { addCaseFor } from "./store-cases.ts";
import { storeConcerns } from "./store-concerns.ts";
import type { TestTaskStoreOptions } from "./store-under-test.ts";

/**
 * Registers, with vitest, everything a task store must do: readable cases by concern, then properties that compare it with
 * the memory store command by command. Every case gets a fresh store and a clock that only the case moves, and ends
 * with a check of the invariants over the journal and the records it leaves. A store is supported if it passes all.
 */
export function testTaskStore(options: TestTaskStoreOptions): void {
  const add = addCaseFor(options);
  describe(`task store: ${options.name}`, () => {
    for (const [concern, register] of Object.entries(storeConcerns)) {
      describe(concern, () => {
        register(add, options);
      });
    }
    describe("properties", () => {
      equivalenceProperty(options);
    });
  });
}
