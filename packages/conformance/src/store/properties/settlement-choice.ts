import type { EnqueueRequest, Settlement, SuspendWait } from "@millrace/models";
import * as fc from "fast-check";
import { aFailSettlement } from "../../builders/failure.ts";
import { pick, type RequestChoice } from "./request-choice.ts";

/** A settlement whose children are still to be made. */
export type SettlementChoice =
  | { readonly settlement: Settlement }
  | {
      readonly children: readonly RequestChoice[];
      readonly onFailure: "continue" | "abort" | "fail";
      readonly timeoutMs: number | null;
    };

/** Every type of settlement. */
export function settlementChoice(child: fc.Arbitrary<RequestChoice>): fc.Arbitrary<SettlementChoice> {
  return fc.oneof(
    { weight: 4, arbitrary: pick(null, "1", "null").map((output) => plain({ type: "succeed", output })) },
    {
      weight: 3,
      arbitrary: fc
        .record({ permanent: fc.boolean(), maxAttempts: pick(null, 1, 3), delayMs: pick(0, 10) })
        .map((change) => plain(aFailSettlement(change))),
    },
    {
      weight: 1,
      arbitrary: pick(null, '{"name":"E","message":"m"}').map((failure) =>
        plain({ type: "cancelled", failure, fingerprint: failure === null ? null : "E", maxAttempts: 2, delayMs: 5 }),
      ),
    },
    { weight: 1, arbitrary: pick(0, 10).map((delayMs) => plain({ type: "snooze", delayMs })) },
    { weight: 1, arbitrary: fc.constant(plain({ type: "release" })) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(wait, pick<readonly (string | null | undefined)[]>("1", null, undefined))
        .map(([of, state]) => plain({ type: "suspend", wait: of, state })),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        children: fc.array(child, { maxLength: 3 }),
        onFailure: pick("continue", "abort", "fail"),
        timeoutMs: pick(null, 50),
      }),
    },
  );
}

/** The settlement, with its children made. */
export function settlementOf(choice: SettlementChoice, make: (child: RequestChoice) => EnqueueRequest): Settlement {
  if ("settlement" in choice) return choice.settlement;
  const { onFailure, timeoutMs } = choice;
  const children = choice.children.map(make);
  return { type: "suspend", wait: { reason: "children", children, onFailure, timeoutMs }, state: '"s"' };
}

const plain = (settlement: Settlement): SettlementChoice => ({ settlement });

const wait: fc.Arbitrary<SuspendWait> = fc.oneof(
  pick(0, 10, 600).map((forMs): SuspendWait => ({ reason: "sleep", forMs })),
  fc.record({ reason: pick("signal"), name: pick("s1", "s2"), timeoutMs: pick(null, 50) }),
  fc.record({ reason: pick("manual"), note: pick(null, "n"), timeoutMs: pick(null, 50) }),
);
