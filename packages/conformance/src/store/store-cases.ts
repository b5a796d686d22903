import { it } from "vitest";
import type { StoreBench } from "./store-bench.ts";
import type { TestTaskStoreOptions } from "./store-under-test.ts";
import { withStoreBench } from "./with-store-bench.ts";

/** Registers one case: its title begins with the rows of the checklist that it proves. */
export type AddCase = (title: string, run: (bench: StoreBench) => Promise<void>) => void;

/** Registers the cases of one concern. */
export type StoreCases = (add: AddCase, options: TestTaskStoreOptions) => void;

/** An `AddCase` that gives every case a fresh store and checks the invariants after it. */
export function addCaseFor(options: TestTaskStoreOptions): AddCase {
  return (title, run) => it(title, () => withStoreBench(options, run));
}
