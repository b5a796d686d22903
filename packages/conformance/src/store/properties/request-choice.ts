import type { DedupePolicy, EnqueueRequest, OnDependencyFailure } from "@millrace/models";
import * as fc from "fast-check";
import { aRequest } from "../../builders/enqueue-request.ts";
import type { PropertyWorld } from "./property-world.ts";

/** What a command says of a task that it makes; ids are drawn when it runs. */
export interface RequestChoice {
  readonly change: Partial<EnqueueRequest>;
  /** Which tasks it waits for, counted from the newest. */
  readonly waitsFor: readonly { readonly back: number; readonly onFailure: OnDependencyFailure }[];
}

/** Picks one of some values; the first is the simplest. */
export function pick<const Values extends readonly unknown[]>(...values: Values): fc.Arbitrary<Values[number]> {
  return fc.constantFrom(...values);
}

/** How far the newest task stands back at most: small, so that commands meet. */
export const back: fc.Arbitrary<number> = fc.nat(11);

const keys = {
  none: [],
  one: [{ key: "k1", limit: 1 }],
  two: [{ key: "k2", limit: 2 }],
  both: [
    { key: "k1", limit: 1 },
    { key: "k2", limit: 2 },
  ],
} as const;

const plain: fc.Arbitrary<Partial<EnqueueRequest>> = fc.record({
  kind: pick("a", "b"),
  priority: pick(0, 0, 1),
  delayMs: pick(0, 0, 0, 0, 5, 1_000),
  expiresInMs: pick(null, null, null, null, null, 20, 2_000),
  input: pick(null, "1", "null"),
});

const odd: fc.Arbitrary<Partial<EnqueueRequest>> = fc.record(
  {
    tenantId: pick("", "t"),
    concurrencyKeys: pick(...Object.values(keys)),
    dedupeKey: pick(null, "d1", "d2"),
    dedupePolicy: pick<readonly DedupePolicy[]>("reuse", "replace", "reject"),
    dedupeForMs: pick(null, null, 100),
    supersedeKey: pick(null, "s1"),
    supersedeExisting: fc.boolean(),
    maxInterruptions: pick(3, 1, 2, null),
    afterCrash: pick("retry" as const, "fail" as const),
    retainForMs: pick(null, null, 0, -1),
    watchdogMs: pick(null, 30),
    waitTimeoutMs: pick(null, 50),
    tags: pick<readonly (readonly string[])[]>([], ["t1"], ["t1", "t2"]),
    channels: pick<readonly (readonly string[])[]>([], ["c1"]),
  },
  { requiredKeys: [] },
);

/** A task to be made: mostly plain, sometimes with everything. */
export const requestChoice: fc.Arbitrary<RequestChoice> = fc
  .tuple(
    plain,
    fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 3, arbitrary: odd }),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(fc.record({ back, onFailure: pick("continue", "abort", "fail") }), {
          minLength: 1,
          maxLength: 3,
        }),
      },
    ),
    fc.boolean(),
  )
  .map(([simple, more, waitsFor, isDebounced]) => {
    const change: Partial<EnqueueRequest> = { ...simple, ...more };
    const hasKey = change.dedupeKey !== undefined && change.dedupeKey !== null;
    return { change: hasKey && isDebounced ? { ...change, debounceMs: 15 } : change, waitsFor };
  });

/** Makes the request, and remembers it as the newest task. */
export function requestOf(world: PropertyWorld, { change, waitsFor }: RequestChoice): EnqueueRequest {
  const dependencies = waitsFor.map(({ back: n, onFailure }) => ({ taskId: world.taskId(n), onFailure }));
  const request = aRequest({ ...change, id: world.newId(), dependencies });
  world.requests.push(request);
  return request;
}
