import type { NewStep } from "@millrace/models";

/** A step on its way to the store, numbered within its attempt from 1. */
export function aStep(n: number, change: Partial<NewStep> = {}): NewStep {
  return { n, kind: "step", level: "info", message: `step ${n}`, meta: null, percent: null, ...change };
}
